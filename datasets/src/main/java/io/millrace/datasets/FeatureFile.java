package io.millrace.datasets;

import java.nio.file.Path;

/**
 * Feature rows from a file of their own, row v for node v: a numpy array ({@link NumpyRows}) or, by
 * the ending {@code .npz}, a sparse matrix ({@link SparseRows}).
 */
final class FeatureFile {
  private FeatureFile() {}

  /**
   * @param scratch a place for a temporary file
   */
  static FeatureSource open(Path file, int numNodes, Path scratch) {
    return file.getFileName().toString().endsWith(".npz")
        ? SparseRows.open(file, numNodes)
        : NumpyRows.of(NumpyReader.open(file), numNodes, scratch);
  }
}
