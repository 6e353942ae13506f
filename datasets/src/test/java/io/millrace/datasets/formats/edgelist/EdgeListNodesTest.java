package io.millrace.datasets.formats.edgelist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A list of edges with a table of its nodes. */
class EdgeListNodesTest extends EdgeListFixture {
  @Test
  void readsANodeTable() throws IOException {
    Path edges = file("edges.csv", "c,a\na,b\n");
    Path nodes =
        file(
            "nodes.csv",
            "id,x1,x2,class,part\na,1,-2.5,0,train\nb,0,1e2,,val\nc,.5,3,2,test\nd,1,1,nan,\n");
    NodeTableOptions table =
        new NodeTableOptions(
            nodes, Optional.of("id"), List.of("x*"), Optional.of("class"), Optional.of("part"));
    try (GraphDataset data = run(DEFAULTS.withNodes(table), edges)) {
      assertEquals("c>a a>b", edges(data));
      assertEquals(4, data.graph().numNodes());
      assertEquals(-2.5f, data.features().get(0, 1));
      assertEquals(0.5f, data.features().get(2, 0));
      assertEquals(3, data.labels().numClasses());
      assertEquals(
          List.of(0, -1, 2, -1), List.of(0, 1, 2, 3).stream().map(data.labels()::get).toList());
      assertArrayEquals(new int[] {0}, data.nodes(Split.TRAIN));
      assertArrayEquals(new int[] {1}, data.nodes(Split.VALID));
      assertArrayEquals(new int[] {2}, data.nodes(Split.TEST));
    }
  }

  @Test
  void readsANodeTableWhoseRowsAreTheIds() throws IOException {
    Path edges = file("edges.txt", "2 0\n");
    Path nodes = file("nodes.txt", "1 5\n2 6\n3 7\n");
    NodeTableOptions table = table(nodes, "1-2");
    try (GraphDataset data = run(DEFAULTS.withNodes(table), edges)) {
      assertEquals("2>0", edges(data));
      assertEquals(7, data.features().get(2, 1));
      assertFalse(data.hasLabels());
    }
    rejects(
        DEFAULTS.withNodes(table),
        file("far.txt", "2 0\n\n0 3\n"),
        "edge id out of range: file=",
        "far.txt, line=3, id=3, numNodes=3");
  }

  private static NodeTableOptions table(Path file, String... features) {
    return new NodeTableOptions(
        file, Optional.empty(), List.of(features), Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id,f;a,1;b,x      |not a number               |line=3, column=f, value=x",
        "id,f;a,1;b,nan    |feature is not finite      |line=3, column=1, value=NaN",
        "id,f;a,1;b,       |feature is not finite; --m |line=3, column=1, value=NaN",
        "id,f;a,1;a,2      |duplicate id               |line=3, column=id, value=a",
        "id,f;a,1;b        |too few columns            |line=3, columns=1, need=2",
        "id,f;a,1;,2       |id is empty                |nodes.csv, line=3",
        "id,f;a,1;c,2      |node is not in the node table|edges.csv, line=2, value=b",
        "id,g;a,1          |no such column             |column=f, available=[id, g]",
        "id,f              |file has no lines of data  |nodes.csv",
        "''                |file has no lines of data  |nodes.csv",
      })
  void rejectsBadNodeTables(String lines, String rule, String where) throws IOException {
    Path edges = file("edges.csv", "a,a\na,b\n");
    Path nodes = file("nodes.csv", lines.strip().replace(';', '\n'));
    NodeTableOptions table =
        new NodeTableOptions(
            nodes, Optional.of("id"), List.of("f"), Optional.empty(), Optional.empty());
    rejects(DEFAULTS.withNodes(table), edges, rule, where);
  }

  @Test
  void namesTheLineOfANodeThatIsNotInTheTable() throws IOException {
    Path nodes = file("nodes.csv", "id,f\n\"a \"\"b\"\"\",1\nc,2\n");
    Path edges = file("edges.csv", "\n\"a \"\"b\"\"\",c\r\n \r\nc,c\nc,\"x \"\"y\"\"\"\nc,c\n");
    NodeTableOptions table =
        new NodeTableOptions(
            nodes, Optional.of("id"), List.of("f"), Optional.empty(), Optional.empty());
    rejects(
        DEFAULTS.withNodes(table),
        edges,
        "node is not in the node table: file=",
        "edges.csv, line=5, value=x \"y\"");
  }
}
