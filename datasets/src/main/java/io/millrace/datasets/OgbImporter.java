package io.millrace.datasets;

import java.nio.file.Path;

/** Reads OGB's raw csv folder of a node-property dataset and writes a dataset directory. */
public final class OgbImporter {
  private OgbImporter() {}

  /**
   * @param source the folder that holds {@code raw/} and {@code split/}
   * @param out the dataset directory to make; must not exist
   * @return what was written
   * @throws BadInputException if the source is not as it should be; nothing is left at {@code out}
   */
  public static DatasetDescription importFolder(
      Path source, Path out, OgbOptions options, Progress progress) {
    throw new UnsupportedOperationException();
  }
}
