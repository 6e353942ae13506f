package io.millrace.datasets.csr;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The disk space that a build needs, estimated before it begins: the files of the graph, and a
 * temporary one for edges that do not fit into memory. It is an upper bound, because dropped
 * duplicates are not known yet. A source that does not know its number of edges is not checked.
 *
 * @param temporaryBytes size of the temporary file
 * @param graphBytes size of the graph's files
 */
record DiskEstimate(double temporaryBytes, double graphBytes) {
  private static final double GIB = 1 << 30;

  static DiskEstimate of(EdgeSource source, int numNodes, EdgeOptions options, SortMemory sizes) {
    if (source.numEdges() < 0) {
      return new DiskEstimate(0, 0);
    }
    double edges = (options.addReverse() ? 2.0 : 1.0) * source.numEdges();
    int carriedBytes = source.columns().bytes();
    double sortedBytes = edges * (Long.BYTES + carriedBytes);
    return new DiskEstimate(
        Math.max(0, sortedBytes - sizes.storeBytes()),
        edges * (Integer.BYTES + carriedBytes) + (numNodes + 1.0) * Long.BYTES);
  }

  /**
   * @throws BadInputException if the directory's disk has no room for it
   */
  void require(Path directory, Progress progress) {
    double freeBytes = freeBytes(directory);
    if (temporaryBytes + graphBytes > freeBytes) {
      throw BadInputException.of(
          "not enough disk space for the graph",
          "directory",
          directory,
          "needGiB",
          gib(temporaryBytes + graphBytes),
          "ofItTemporaryGiB",
          gib(temporaryBytes),
          "freeGiB",
          gib(freeBytes));
    }
    if (temporaryBytes > 0) {
      progress.note(
          "the edges are more than the memory holds: up to "
              + gib(temporaryBytes)
              + " GiB go to a temporary file, "
              + gib(freeBytes)
              + " GiB are free: directory="
              + directory);
    }
  }

  private static double freeBytes(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw IoErrors.cannotRead(directory, e);
    }
  }

  private static String gib(double bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / GIB);
  }
}
