package io.millrace.training.accuracy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.Progress;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.features.Normalization;
import io.millrace.datasets.formats.ogb.OgbImporter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Real graphs from OGB folders; without the folder, the test is skipped. */
public final class RealGraph {
  private RealGraph() {}

  static GraphDataset cora(Path directory) {
    return imported(
        directory,
        "cora",
        ImportOptions.defaults().withSplit("public").withNormalization(Normalization.ROW));
  }

  /** With reverse edges added; the dataset lies in the directory and is the caller's to close. */
  public static GraphDataset imported(Path directory, String name, ImportOptions options) {
    Path source = Path.of(System.getProperty("millrace.test.data"), name);
    assumeTrue(Files.isDirectory(source), "no such folder: " + source);
    Path out = directory.resolve(name);
    OgbImporter.importFolder(source, out, options.withUndirected(true), Progress.NONE);
    return GraphDataset.open(out);
  }
}
