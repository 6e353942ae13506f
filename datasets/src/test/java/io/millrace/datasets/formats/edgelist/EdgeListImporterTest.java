package io.millrace.datasets.formats.edgelist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.text.CsvReaderTest;
import io.millrace.datasets.text.HeaderMode;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeListImporterTest extends EdgeListFixture {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "# Nodes: 4\n# FromNodeId\tToNodeId\n0\t1\n3\t1\n1\t2\n",
        "0 1\n3  1\n1 2",
        "  0 1\r\n3\t1 \r\n\r\n1 2\r\n\n",
        "% from a matrix\n0,1\n3,1\n1,2\n",
        "src;dst\n0;1\n3;1\n1;2\n",
        "\"from\",\"to\"\n\"0\",\"1\"\n\"3\", 1\n 1 ,\"2\"\n",
        "\uFEFF0,1\n3,1\n1,2\n",
      })
  void readsTheSameGraphFromEveryLayout(String text) throws IOException {
    assertEquals("0>1 3>1 1>2", imported(DEFAULTS, file("a.txt", text)));
  }

  @Test
  void readsPackedFilesAndSeveralOfThem() throws IOException {
    Path gz = folder.resolve("a.txt.gz");
    Files.write(gz, CsvReaderTest.gzip("0 1\n3 1\n"));
    Path zst = folder.resolve("b.csv.zst");
    Files.write(zst, zstd("src,dst\n1,2\n"));
    assertEquals("0>1 3>1 1>2", imported(DEFAULTS, gz, zst));
  }

  @Test
  void takesTheColumnsThatAreAskedForByNameOrNumber() throws IOException {
    Path file = file("a.tsv", "when\tto\tfrom\nx y\t1\t0\n\t1\t3\nz\t2\t1\n");
    String need = "0>1 3>1 1>2";
    assertEquals(need, imported(DEFAULTS.withColumns("from", "to"), file));
    assertEquals(need, imported(DEFAULTS.withColumns("3", "2"), file));
    rejects(
        DEFAULTS.withColumns("of", "to"), file, "no such column", "column=of", "[when, to, from]");
    rejects(DEFAULTS.withColumns("4", "1"), file, "no such column", "column=4");
  }

  @Test
  void carriesWeightsTimesAndPositionsToTheRowsOfTheGraph() throws IOException {
    EdgeListOptions options =
        DEFAULTS.withWeightColumn("w").withTimeColumn("when").withEdgeIds(true);
    Path file = file("a.csv", "s,w,d,when\n2,.5,0,-7\n1,-3,0,9\n0,1e3,2,8\n");
    try (GraphDataset data = run(options.withColumns("s", "d"), file)) {
      assertEquals("2>0 1>0 0>2", edges(data)); // rows are by time
      EdgeAttributes carried = data.edges();
      assertArrayEquals(
          new float[] {.5f, -3, 1000}, carried.weights().toArray(ValueLayout.JAVA_FLOAT));
      assertArrayEquals(new long[] {-7, 9, 8}, carried.times().toArray(ValueLayout.JAVA_LONG));
      assertArrayEquals(new long[] {0, 1, 2}, carried.ids().toArray(ValueLayout.JAVA_LONG));
    }
  }

  @Test
  void takesAHeaderOnlyWhereOneIs() throws IOException {
    Path names = file("a.csv", "ann,bob\nbob,cid\n");
    assertEquals("ann>bob bob>cid", imported(DEFAULTS, names));
    assertEquals("bob>cid", imported(DEFAULTS.withHeader(HeaderMode.YES), names));
    rejects(DEFAULTS.withHeader(HeaderMode.YES), file("c.csv", "src,dst\n"), "no edges", "c.csv");
    Path mixed = file("b.csv", "src,dst\n1,2\n");
    rejects(DEFAULTS.withHeader(HeaderMode.NO).withIds(NodeIdKind.DENSE), mixed, "not an integer");
  }
}
