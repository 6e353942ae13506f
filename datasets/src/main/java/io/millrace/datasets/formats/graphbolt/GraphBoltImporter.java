package io.millrace.datasets.formats.graphbolt;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.formats.DatasetImport;
import io.millrace.datasets.formats.ImportOptions;
import java.nio.file.Path;

/**
 * Imports a GraphBolt dataset (an OnDiskDataset with one node type and one edge type) as a dataset
 * directory. The next class to read is {@link DatasetImport}.
 */
public final class GraphBoltImporter {
  private GraphBoltImporter() {}

  /**
   * @param source the folder that holds {@code metadata.yaml}
   * @param data which of the dataset's arrays to import
   * @param out the dataset directory to make; must not exist
   * @param options its split names the task
   * @return what was written
   * @throws BadInputException if {@code out} exists, or the source is malformed (the message names
   *     file and position); nothing is left at {@code out}
   */
  public static DatasetDescription importFolder(
      Path source, GraphBoltOptions data, Path out, ImportOptions options, Progress progress) {
    try (DatasetWriter writer = DatasetWriter.create(out);
        GraphBoltTables tables = GraphBoltTables.open(source, options, data)) {
      return DatasetImport.write(tables, writer, options, progress);
    }
  }
}
