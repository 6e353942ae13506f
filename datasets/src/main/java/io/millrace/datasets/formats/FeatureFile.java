package io.millrace.datasets.formats;

import io.millrace.BadInputException;
import io.millrace.datasets.formats.features.FeatureSource;
import io.millrace.datasets.formats.features.NumpyRows;
import io.millrace.datasets.formats.features.SparseRows;
import io.millrace.datasets.npy.NumpyReader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Feature rows from a file of their own, row v for node v: a numpy array ({@link NumpyRows}) or, by
 * the ending {@code .npz}, a sparse matrix ({@link SparseRows}).
 */
final class FeatureFile {
  private FeatureFile() {}

  /** Before anything long: it must be there. */
  static void requireExists(Path file) {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of("missing file", "file", file);
    }
  }

  /**
   * @param scratch a place for a temporary file
   */
  static FeatureSource open(Path file, int numNodes, Path scratch) {
    return file.getFileName().toString().endsWith(".npz")
        ? SparseRows.open(file, numNodes)
        : NumpyRows.of(NumpyReader.open(file), numNodes, scratch);
  }
}
