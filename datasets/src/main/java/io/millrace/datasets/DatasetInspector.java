package io.millrace.datasets;

import java.nio.file.Path;

/** Checks every invariant of a dataset directory and counts what is in it. */
public final class DatasetInspector {
  private DatasetInspector() {}

  /**
   * @throws BadInputException at the first broken invariant, naming file and position
   */
  public static DatasetReport inspect(Path directory, Progress progress) {
    throw new UnsupportedOperationException();
  }
}
