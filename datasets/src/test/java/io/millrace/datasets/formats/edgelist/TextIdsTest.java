package io.millrace.datasets.formats.edgelist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.text.Delimiter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids of text are the text that the file shows, and other formats are refused. LF is $. */
class TextIdsTest {
  private static final EdgeListOptions DEFAULTS = EdgeListOptions.defaults();

  @TempDir Path folder;
  private int numFiles;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("f" + numFiles++), text.replace('$', '\n'));
  }

  private DatasetDescription run(EdgeListOptions options, Path out, Path... files) {
    return EdgeListImporter.importFiles(
        List.of(files), options, out, ImportOptions.defaults(), Progress.NONE);
  }

  /** The nodes in their order. */
  private String nodes(EdgeListOptions options, Path... files) {
    Path out = folder.resolve("out" + numFiles++);
    int numNodes = run(options, out, files).numNodes();
    try (GraphDataset data = GraphDataset.open(out)) {
      List<String> names =
          IntStream.range(0, numNodes)
              .mapToObj(v -> data.dictionary().map(d -> d.name(v)).orElse("#" + v))
              .toList();
      return String.join(" ", names);
    }
  }

  private void rejects(String text, String... parts) throws IOException {
    Path file = file(text);
    Expect.badInput(() -> nodes(DEFAULTS, file), parts);
  }

  @ParameterizedTest
  @CsvSource({
    "'src,dst$0007,0012$7,0012$', 0007 0012 7",
    "'0007 12$7 12$', 0007 12 7",
    "'7 12$0007 12$', 7 12 0007",
    "'00 0$0 1$', 00 0 1",
    "'\"0007\",1$7,1$', 0007 1 7",
    "'5000000000 1$7 1$007 1$', 5000000000 1 7 007",
    "'1;-0$0;1$', 1 -0 0",
    "'007 7$07 7$', 007 7 07",
  })
  void keepsLeadingZeros(String text, String nodes) throws IOException {
    assertEquals(nodes, nodes(DEFAULTS, file(text)));
  }

  @Test
  void readsLeadingZerosAsNumbersWhereIdsAreNumbersByOption() throws IOException {
    Path file = file("0007,0012$7,0012$");
    assertEquals("7 12", nodes(DEFAULTS.withIds(NodeIdKind.LONG), file));
    assertEquals(13, nodes(DEFAULTS.withIds(NodeIdKind.DENSE), file).split(" ").length);
  }

  @Test
  void keepsLeadingZerosOfANodeTable() throws IOException {
    Path table = file("id,y$7,0$0007,1$");
    NodeTableOptions nodes =
        new NodeTableOptions(
            table, Optional.of("id"), List.of(), Optional.of("y"), Optional.empty());
    assertEquals("7 0007", nodes(DEFAULTS.withNodes(nodes), file("7 0007$")));
  }

  @Test
  void refusesAnEdgeWhoseLeadingZerosTheNodeTableLacks() throws IOException {
    Path table = file("id,y$0,0$1,1$");
    NodeTableOptions nodes =
        new NodeTableOptions(
            table, Optional.of("id"), List.of(), Optional.of("y"), Optional.empty());
    Path edges = file("0 1$01 0$");
    Expect.badInput(
        () -> nodes(DEFAULTS.withNodes(nodes), edges), "node is not in the node table", "value=01");
  }

  @Test
  void readsEdgesFromCodeWithTheSameIds() throws IOException {
    Path file = file("7 12$0007 12$");
    try (EdgeList edges = EdgeListImporter.readEdges(List.of(file), DEFAULTS, Progress.NONE)) {
      assertEquals(2, edges.size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u000b", "\u0001", "\u007f", "\u0085", "\uFEFF", "\r", "\u001b[0m"})
  void refusesControlCharacters(String character) throws IOException {
    rejects("ann bob$bob c" + character + "d$", "id has a control character", "line=2");
    rejects("\"a\"\"b\" bob$bob \"c" + character + "d\"$", "id has a control character", "line=2");
  }

  @Test
  void readsByteOrderMarksWhereAFileBegins() throws IOException {
    assertEquals("ann bob cid", nodes(DEFAULTS, file("\uFEFFann bob$"), file("\uFEFFbob cid$")));
    rejects("ann bob$\uFEFFbob cid$", "id has a control character", "U+FEFF", "line=2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1,2\r2,3\r3,1\r", "ann bob\rbob cid\r", "src,dst\rann,bob\r", "1;2\r3;4"})
  void refusesLinesThatEndWithCarriageReturns(String text) throws IOException {
    rejects(text, "lines end with CR alone");
  }

  @Test
  void refusesTextInUtf16() throws IOException {
    Path file = folder.resolve("utf16");
    Files.write(file, "1,2\n2,3\n".getBytes(StandardCharsets.UTF_16LE));
    Expect.badInput(() -> nodes(DEFAULTS, file), "not a text file in UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "RDF triples ~ <http://x/a> <http://x/p> <http://x/b> .$<http://x/b> <http://x/p>"
            + " <http://x/c> .$",
        "RDF triples ~ @prefix x: <http://x/> .$x:a x:p x:b .$",
        "XML ~ <?xml version='1.0'?>$<graphml>$",
        "XML ~ <gexf version='1.2'>$<graph>$",
        "GML ~ graph [$ node [ id 0 ]$",
        "DOT ~ digraph {$ a -> b;$}$",
        "DOT ~ strict graph g {$ a -- b;$}$",
        "Pajek ~ *Vertices 3$1 a$2 b$",
        "arrows ~ a -> b$b -> c$",
        "arrows ~ a->b$b->c$",
        "arrows ~ a -- b$b -- c$",
        "arrows ~ a => b 5$b => c 6$",
        "tuples ~ (0, 0) (0, 1) 1$(0, 1) (1, 1) 1$",
        "tuples ~ (1, 2)$(2, 3)$",
        "tuples ~ [(1, 2), (2, 3)]$",
        "JSON ~ [[1, 2], [2, 3]]$",
        "JSON ~ {\"nodes\": [1, 2],$ \"links\": []}$",
        "JSON ~ [$ {\"source\": 1},$",
        "dicts ~ 0 1 {'weight': 0.5}$1 2 {'weight': 0.5}$",
        "dicts ~ {'a': 1, 'b': 2}$",
        "adjacency lists ~ 0: 1 2$1: 2$2: 0 1$",
        "adjacency lists ~ ann: bob, cid$bob: cid$",
        "SQL ~ INSERT INTO edges VALUES (1, 2);$",
      })
  void refusesAnotherFormatByItsName(String name, String text) throws IOException {
    rejects(text, name.strip());
  }

  @Test
  void takesWhatLooksLikeAnotherFormatWithASeparator() throws IOException {
    assertEquals("a b c", nodes(DEFAULTS.withSeparator(Delimiter.of("->")), file("a->b$b->c$")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a->b c->d$c->d a->b$",
        "[deleted] bob$",
        "a:b c$",
        "{a} b$",
        "<a> <b>$",
        "0 1 {}$1 0 {}$"
      })
  void takesTablesWhoseIdsAreUnusual(String text) throws IOException {
    List<String> names = new ArrayList<>(List.of(nodes(DEFAULTS, file(text)).split(" ")));
    assertEquals(2, names.size());
  }
}
