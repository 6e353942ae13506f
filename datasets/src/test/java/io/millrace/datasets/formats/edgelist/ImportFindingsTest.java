package io.millrace.datasets.formats.edgelist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.ImportFindings;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.text.CsvReaderTest;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.HeaderMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an import states about the tables that it reads. */
class ImportFindingsTest {
  private static final EdgeListOptions DEFAULTS = EdgeListOptions.defaults();

  @TempDir Path folder;
  private int numOuts;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** The findings of an import, as they are kept in its dataset.yaml. */
  private ImportFindings imported(EdgeListOptions options, Path... files) {
    Path out = folder.resolve("out" + numOuts++);
    DatasetDescription made =
        EdgeListImporter.importFiles(
            List.of(files), options, out, ImportOptions.defaults(), Progress.NONE);
    try (GraphDataset data = GraphDataset.open(out)) {
      assertEquals(made.findings(), data.description().findings());
    }
    return made.findings().orElseThrow();
  }

  @Test
  void statesLayoutIdsAndFirstEdgeOfACsvFile() throws IOException {
    Path file = file("a.csv", "# made by hand\n\nsrc,dst,w\nann,bob,1\n\nbob,cid,2\n");
    ImportFindings found = imported(DEFAULTS.withWeightColumn("w"), file);
    assertEquals("string, the first line has text", found.ids());
    assertEquals(Optional.of("ann -> bob"), found.firstEdge());
    ImportFindings.Table table = found.tables().getFirst();
    assertEquals("a.csv", table.file());
    assertEquals("comma, detected", table.delimiter());
    assertTrue(table.header().startsWith("yes, "), table.header());
    assertEquals(Map.of("source", "src", "destination", "dst", "weight", "w"), table.columns());
    assertEquals(1, table.commentLines());
    assertEquals(2, table.blankLines());
  }

  @Test
  void statesTheLayoutOfEachFileAlsoOfPackedOnes() throws IOException {
    Path packed = folder.resolve("a.txt.gz");
    Files.write(packed, CsvReaderTest.gzip("% one\n% two\n0\t1\n3\t1\n"));
    ImportFindings found = imported(DEFAULTS, packed, file("b.csv", "s;d\n1;2\n"));
    assertEquals(
        List.of("tab, detected", "semicolon, detected"),
        found.tables().stream().map(ImportFindings.Table::delimiter).toList());
    assertEquals(2, found.tables().getFirst().commentLines());
    assertEquals(Map.of("source", "1", "destination", "2"), found.tables().getFirst().columns());
    assertEquals(Map.of("source", "s", "destination", "d"), found.tables().getLast().columns());
    assertEquals(Optional.of("0 -> 1"), found.firstEdge());
  }

  @Test
  void statesThatOptionsAreGiven() throws IOException {
    ImportFindings found =
        imported(
            DEFAULTS
                .withSeparator(Delimiter.BLANKS)
                .withHeader(HeaderMode.NO)
                .withIds(NodeIdKind.STRING),
            file("a.txt", "0 1\n"));
    assertEquals("blanks, as given", found.tables().getFirst().delimiter());
    assertEquals("no, as given", found.tables().getFirst().header());
    assertEquals("string, as given", found.ids());
  }

  @Test
  void statesWhyIntegersAreNumberedAsTheyCome() throws IOException {
    ImportFindings found = imported(DEFAULTS, file("a.txt", "0 1\n1 5000000000\n"));
    assertEquals("long, no node numbers: id=5000000000", found.ids());
  }

  @Test
  void statesTheUseOfTheNodeTablesColumns() throws IOException {
    Path nodes = file("n.csv", "id,f0,f1,y,part\n0,1,2,0,train\n\n1,3,4,1,test\n");
    NodeTableOptions options =
        new NodeTableOptions(
            nodes, Optional.of("id"), List.of("f*"), Optional.of("y"), Optional.of("part"));
    ImportFindings found = imported(DEFAULTS.withNodes(options), file("a.txt", "0 1\n"));
    ImportFindings.Table table = found.tables().getLast();
    assertEquals("n.csv", table.file());
    assertEquals(
        Map.of("id", "id", "features", "f0, f1", "label", "y", "split", "part"), table.columns());
    assertEquals(1, table.blankLines());
    assertEquals("dense, the node table's ids are 0, 1, 2, ... in order", found.ids());
  }

  @Test
  void statesTheSameWithoutAnImportAndWritesNothing() throws IOException {
    Path file = file("a.csv", "# one\nsrc,dst\n5,7\n7,5\n");
    ImportFindings found = EdgeListImporter.findings(List.of(file), DEFAULTS);
    assertEquals(List.of("a.csv"), List.of(folder.toFile().list()));
    assertEquals(imported(DEFAULTS, file), found);
    assertEquals(
        "a.csv: delimiter comma, detected; header: yes, text stands above numbers; columns:"
            + " source = src, destination = dst; lines skipped: 1 comments, 0 blank",
        found.lines().getFirst());
  }

  @Test
  void findingsDoNotChangeTheFingerprint() throws IOException {
    Path plain = file("a.txt", "0 1\n1 2\n");
    Path commented = file("b.csv", "# one\ns,d\n0,1\n1,2\n");
    imported(DEFAULTS, plain);
    imported(DEFAULTS, commented);
    try (GraphDataset a = GraphDataset.open(folder.resolve("out0"));
        GraphDataset b = GraphDataset.open(folder.resolve("out1"))) {
      assertFalse(a.description().findings().equals(b.description().findings()));
      assertEquals(a.fingerprint(), b.fingerprint());
    }
  }

  @Test
  void readsDatasetsThatKeptNoFindings() throws IOException {
    imported(DEFAULTS, file("a.txt", "0 1\n1 2\n"));
    Path yaml = folder.resolve("out0").resolve(DatasetDescription.FILE_NAME);
    String text = Files.readString(yaml);
    String before =
        text.replaceFirst("sha256: .*\n", "").replaceFirst("(?s)\nimport:.*\nfiles:", "\nfiles:");
    Files.writeString(yaml, before);
    try (GraphDataset data = GraphDataset.open(folder.resolve("out0"))) {
      assertEquals(Optional.empty(), data.description().findings());
    }
  }
}
