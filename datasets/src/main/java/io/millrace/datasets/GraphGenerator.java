package io.millrace.datasets;

import java.nio.file.Path;

/** The kinds of synthetic graphs. */
public enum GraphGenerator {
  /** Communities with informative features and labels. */
  PLANTED,
  /** R-MAT: recursive matrix, a few hubs and many small degrees. */
  RMAT,
  /** Chung-Lu with log-normal expected degrees. */
  CHUNG_LU;

  /**
   * @param out the dataset directory to make; must not exist
   * @return what was written
   */
  public DatasetDescription generate(GeneratorOptions options, Path out, Progress progress) {
    throw new UnsupportedOperationException();
  }
}
