package io.millrace.datasets.formats.edgelist;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.formats.ImportOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;

/** Imports node tables of three nodes, which are their rows, and gives what a field came to. */
abstract class NodeTableFixture {
  @TempDir Path folder;
  List<String> found;
  int numOuts;

  Path table(String header, List<String> rows) throws IOException {
    return Files.writeString(
        folder.resolve("nodes.csv"), header + "\n" + String.join("\n", rows) + "\n");
  }

  static NodeTableOptions features(Path file, String... columns) {
    return new NodeTableOptions(
        file, Optional.empty(), List.of(columns), Optional.empty(), Optional.empty());
  }

  <T> T run(NodeTableOptions table, ImportOptions options, Function<GraphDataset, T> read)
      throws IOException {
    Path edges = Files.writeString(folder.resolve("edges.txt"), "0 1\n1 2\n2 0\n");
    Path out = folder.resolve("out" + numOuts++);
    EdgeListOptions reading = EdgeListOptions.defaults().withNodes(table);
    EdgeListImporter.importFiles(List.of(edges), reading, out, options, Progress.NONE);
    try (GraphDataset data = GraphDataset.open(out)) {
      found = data.description().findings().orElseThrow().notes();
      return read.apply(data);
    }
  }

  <T> T run(NodeTableOptions table, Function<GraphDataset, T> read) throws IOException {
    return run(table, ImportOptions.defaults(), read);
  }

  void rejects(NodeTableOptions table, String... parts) {
    Expect.badInput(() -> run(table, GraphDataset::name), parts);
    assertFalse(Files.exists(folder.resolve("out" + (numOuts - 1))));
  }
}
