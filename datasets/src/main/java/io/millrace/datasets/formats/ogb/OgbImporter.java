package io.millrace.datasets.formats.ogb;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.formats.DatasetImport;
import io.millrace.datasets.formats.ImportOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Imports the folder of an OGB node-property dataset, in csv or binary form, as a dataset
 * directory. The next class to read is {@link DatasetImport}.
 */
public final class OgbImporter {
  private OgbImporter() {}

  /** Requires that a folder has the published numbers of nodes and edges. */
  static void requireGraph(Path source, Optional<String> split, OgbArchive archive) {
    try (OgbTables tables = OgbTables.open(OgbFolder.open(source, split), Progress.NONE)) {
      tables.requireGraph(archive);
    }
  }

  /**
   * @param source the folder that holds {@code raw/} and {@code split/}
   * @param out the dataset directory to make; must not exist
   * @return what was written
   * @throws BadInputException if {@code out} exists, or the source is malformed (the message names
   *     file and line); nothing is left at {@code out}
   */
  public static DatasetDescription importFolder(
      Path source, Path out, ImportOptions options, Progress progress) {
    OgbFolder folder = OgbFolder.open(source, options.split());
    try (DatasetWriter writer = DatasetWriter.create(out);
        OgbTables tables = OgbTables.open(folder, progress)) {
      return DatasetImport.write(tables, writer, options, progress);
    }
  }
}
