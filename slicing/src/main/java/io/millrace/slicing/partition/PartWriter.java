package io.millrace.slicing.partition;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.npy.NpyWriter;
import io.millrace.datasets.platform.DiskSpace;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.PartialDirectory;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.GatherKind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Cuts a dataset into parts, each a dataset of its own for a machine that has no more: the rows of
 * its nodes, and all other files.
 */
@Internal
public final class PartWriter {
  /** Bytes of rows that are copied at a time. */
  private static final int PIECE = 1 << 20;

  private static final int ALIGNMENT = 64;

  private final Path source;
  private final GraphDataset data;
  private final Assignment assignment;
  private final Progress progress;

  private PartWriter(Path source, GraphDataset data, Assignment assignment, Progress progress) {
    this.source = source;
    this.data = data;
    this.assignment = assignment;
    this.progress = progress;
  }

  /**
   * Writes all parts, {@code part-0} and so on.
   *
   * @param source the directory of the dataset
   * @param data the dataset, open
   * @param out must not exist; nothing is left there after a failure
   * @throws BadInputException if it exists, or the dataset has no features or is a part itself
   */
  public static void write(
      Path source, GraphDataset data, Assignment assignment, Path out, Progress progress) {
    data.features();
    try (PartialDirectory folder = PartialDirectory.forTarget(out)) {
      PartWriter writer = new PartWriter(source, data, assignment, progress);
      DiskSpace.require(folder.path(), writer.bytes());
      for (int part = 0; part < assignment.numParts(); part++) {
        writer.write(part, part(folder.path(), part));
      }
      folder.commit();
    } catch (IOException e) {
      throw IoErrors.cannotWrite(out, "parts", e);
    }
  }

  /**
   * The directory of a rank's dataset.
   *
   * @param directory a dataset, or a folder with the parts of one, of which only the rank's need be
   *     there
   */
  public static Path directory(Path directory, int rank) {
    Path part = part(directory, rank);
    return Files.isDirectory(part) ? part : directory;
  }

  private static Path part(Path folder, int number) {
    return folder.resolve("part-" + number);
  }

  /** Of all parts, nearly. */
  private long bytes() {
    long features = data.features().rows().byteSize();
    long others = data.description().totalBytes() - features;
    long assigned = (long) assignment.numNodes() * Integer.BYTES;
    return features + (others + assigned) * assignment.numParts();
  }

  private void write(int part, Path out) {
    int[] nodes =
        IntStream.range(0, assignment.numNodes()).filter(v -> assignment.of(v) == part).toArray();
    try (DatasetWriter writer = DatasetWriter.create(out)) {
      data.description()
          .files()
          .forEach(
              (path, entry) -> {
                if (!path.equals(DatasetFile.FEATURES.path())) {
                  writer.copy(source, path, entry);
                }
              });
      int[] parts = IntStream.range(0, assignment.numNodes()).map(assignment::of).toArray();
      writer.write(
          DatasetFile.ASSIGNMENT.path(),
          DatasetFile.ASSIGNMENT.type(),
          new long[] {parts.length},
          file -> file.write(MemorySegment.ofArray(parts)));
      FeatureMatrix features = data.features();
      writer.write(
          DatasetFile.FEATURES.path(),
          features.type().npyType(),
          new long[] {nodes.length, features.dim()},
          file -> copyRows(features, nodes, "write part " + part, file));
      writer.commit(data.description().part(part, assignment.numParts(), nodes.length));
    }
  }

  private void copyRows(FeatureMatrix features, int[] nodes, String stage, NpyWriter file)
      throws IOException {
    FeatureStore rows = FeatureStore.of(features, features.type(), GatherKind.AUTO);
    int numAtOnce = Math.max(1, PIECE / features.rowBytes());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment piece = arena.allocate((long) numAtOnce * features.rowBytes(), ALIGNMENT);
      for (int first = 0; first < nodes.length; first += numAtOnce) {
        int count = Math.min(numAtOnce, nodes.length - first);
        rows.gather(Arrays.copyOfRange(nodes, first, first + count), count, piece);
        file.write(piece.asSlice(0, (long) count * features.rowBytes()));
        progress.update(stage, first + count, nodes.length);
      }
    }
  }
}
