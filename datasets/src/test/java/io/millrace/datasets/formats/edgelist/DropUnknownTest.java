package io.millrace.datasets.formats.edgelist;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.formats.ImportOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DropUnknownTest {
  @TempDir Path folder;

  private EdgeListOptions options(String ids) throws IOException {
    Path nodes =
        Files.writeString(
            folder.resolve("nodes.csv"), "id,f\n" + ids.replace(" ", ",1\n") + ",1\n");
    NodeTableOptions table =
        new NodeTableOptions(
            nodes, Optional.of("id"), List.of("f"), Optional.empty(), Optional.empty());
    return EdgeListOptions.defaults().withNodes(table);
  }

  private Path edges(String edges) throws IOException {
    String text = edges.replace(' ', '\n').replace('>', ',') + "\n";
    return Files.writeString(folder.resolve("edges.csv"), text);
  }

  /** Positions are those in the file, dropped edges included. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 1 2      |0>1 3>1 1>2 2>-1 2>0          |2|4 0 2",
        "5 9 7      |5>9 3>9 9>7 7>-1 7>5          |2|4 0 2",
        "ann bob cid|ann>bob x>bob bob>cid cid>y cid>ann|2|4 0 2",
        "0 1 2      |9>9 8>8 7>7 0>1 1>2 2>0       |3|5 3 4",
        "0 1 2      |0>1 1>2 2>0 9>0 0>99999999999 |2|2 0 1",
        "ann bob cid|ann>bob bob>cid cid>ann Ann>bob ann>Bob|2|2 0 1",
      })
  void dropsAndCountsEdgesOfUnknownNodes(String ids, String edges, int dropped, String positions)
      throws IOException {
    EdgeListOptions options = options(ids.strip()).withEdgeIds(true);
    Path file = edges(edges.strip());
    Expect.badInput(() -> run(file, options));
    run(file, options.withDropUnknown(true));
    try (GraphDataset data = GraphDataset.open(folder.resolve("out"))) {
      assertEquals(3, data.graph().numEdges());
      assertEquals(List.of(2, 0, 1), neighbors(data));
      long[] need = List.of(positions.split(" ")).stream().mapToLong(Long::parseLong).toArray();
      assertArrayEquals(need, data.edges().ids().toArray(JAVA_LONG));
      assertEquals(
          List.of("dropped " + dropped + " edges to nodes that the node table lacks"),
          data.description().findings().orElseThrow().notes());
    }
    try (EdgeList list =
        EdgeListImporter.readEdges(List.of(file), options.withDropUnknown(true), Progress.NONE)) {
      assertEquals(3, list.size());
    }
  }

  private void run(Path file, EdgeListOptions options) {
    EdgeListImporter.importFiles(
        List.of(file), options, folder.resolve("out"), ImportOptions.defaults(), Progress.NONE);
  }

  private static List<Integer> neighbors(GraphDataset data) {
    return List.of(data.graph().neighbor(0), data.graph().neighbor(1), data.graph().neighbor(2));
  }

  @Test
  void refusesWhatWouldDropEverything() throws IOException {
    EdgeListOptions options = options("0 1").withDropUnknown(true);
    Path file = edges("4>5 5>6");
    Expect.badInput(() -> run(file, options), "no edge is between nodes", "edges=2");
    EdgeListOptions noTable = EdgeListOptions.defaults().withDropUnknown(true);
    Expect.badInput(() -> run(file, noTable), "only with a node table");
  }

  @Test
  void stillRefusesIdsThatAreNone() throws IOException {
    EdgeListOptions options = options("0 1").withDropUnknown(true);
    Path file = edges("0>1 x>1");
    Expect.badInput(() -> run(file, options), "not an integer", "line=2, value=x");
  }
}
