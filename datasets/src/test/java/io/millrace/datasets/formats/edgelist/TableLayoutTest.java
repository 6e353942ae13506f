package io.millrace.datasets.formats.edgelist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.HeaderMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Delimiters, headers and names of columns, as real files have them. LF is written as $. */
class TableLayoutTest {
  private static final EdgeListOptions DEFAULTS = EdgeListOptions.defaults();

  @TempDir Path folder;
  private int numFiles;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("f" + numFiles++), text.replace('$', '\n'));
  }

  /** Each edge by its names, sorted: {@code a>b b>c}. */
  private String imported(EdgeListOptions options, Path file) {
    Path out = folder.resolve("out" + numFiles++);
    DatasetDescription made =
        EdgeListImporter.importFiles(
            List.of(file), options, out, ImportOptions.defaults(), Progress.NONE);
    try (GraphDataset data = GraphDataset.open(out)) {
      String[] edges = new String[(int) made.numEdges()];
      int count = 0;
      for (int v = 0; v < made.numNodes(); v++) {
        for (long i = data.graph().rowStart(v); i < data.graph().rowStart(v + 1); i++) {
          edges[count++] = name(data, data.graph().neighbor(i)) + ">" + name(data, v);
        }
      }
      Arrays.sort(edges);
      return String.join(" ", edges);
    }
  }

  private static String name(GraphDataset data, int node) {
    return data.dictionary().map(names -> names.name(node)).orElse(Integer.toString(node));
  }

  private void rejects(EdgeListOptions options, String text, String... parts) throws IOException {
    Path file = file(text);
    Expect.badInput(() -> imported(options, file), parts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1;2;0,5$2;3;0,25$3;1;1,5$", // a decimal comma
        "1;2;3,0$2;3;4,0$3;1;5,0$",
        "1\t2\t0,5$2\t3\t0,5$3\t1\t0,5$",
        "1 2 0,5$2 3 0,25$3 1 1,5$",
        "1|2|0,5$2|3|0,5$3|1|0,5$",
        "1,2,a;b$2,3,c;d$3,1,e;f$", // several values in a cell
        "1,2,New York$2,3,Bad Ems$3,1,San Jose$",
        "1|2$2|3$3|1$",
        "1::2::5$2::3::4$3::1::3$", // MovieLens
        "1\t2$2\t3$3\t1$",
        "1, 2$2, 3$3, 1$",
        "1,\t2$2,\t3$3,\t1$",
        "\"1\",\"2\",\"a;b\"$\"2\",\"3\",\"c;d\"$\"3\",\"1\",\"e;f\"$",
        "src|dst|creationDate$1|2|2010-03-13T07:37$2|3|2011-03-13T07:37$3|1|2010-01-01T07:37$",
      })
  void takesTheDelimiterThatGivesColumnsOfNumbers(String text) throws IOException {
    assertEquals("1>2 2>3 3>1", imported(DEFAULTS, file(text)));
  }

  @ParameterizedTest
  @CsvSource({"|, a|b", "->, a->b", "::, a::b", "' - ', a - b", "\\t, a\tb", "pipe, a|b"})
  void takesAnyTextAsDelimiter(String delimiter, String line) throws IOException {
    EdgeListOptions options = DEFAULTS.withSeparator(Delimiter.of(delimiter));
    assertEquals("a>b", imported(options, file(line + "$")));
    assertEquals("a>b", imported(options, file(" " + line + " \r$")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n ", "\"", "a\nb", "\r"})
  void rejectsADelimiterThatCannotStandBetweenColumns(String text) {
    Expect.badInput(() -> Delimiter.of(text), "not a separator");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Smith, J;Bob$Doe, A;Carl$", "a;b,c$d;e,f$", "a|b,c$d|e,f$", "a;b|c$d;e|f$"})
  void rejectsATableWithTwoDelimiters(String text) throws IOException {
    rejects(DEFAULTS, text, "cannot tell the delimiter, give --separator", "line=1");
  }

  @Test
  void reportsALineOfAnotherLengthByItsNumber() throws IOException {
    rejects(DEFAULTS, "1,2$2,3$3$4,5$", "too few columns", "line=3");
    rejects(DEFAULTS, "1 2$2 3$3 4 5$", "wrong number of columns", "line=3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Source,Target,Type$ann,bob,Directed$bob,cid,Directed$",
        "source,target$ann,bob$bob,cid$",
        "SRC;DST$ann;bob$bob;cid$",
        "from_id\tto_id$ann\tbob$bob\tcid$",
        "FromNodeId ToNodeId$ann bob$bob cid$",
        "follower|followee|since when$ann|bob|a$bob|cid|b$",
        ":START_ID,:END_ID,:TYPE$ann,bob,KNOWS$bob,cid,KNOWS$",
        "\"u\",\"v\"$\"ann\",\"bob\"$\"bob\",\"cid\"$",
        "a,b,weight$ann,bob,1$bob,cid,2$",
        "target,source$bob,ann$cid,bob$",
        "weight,src,dst$.5,ann,bob$.5,bob,cid$",
        ",src,dst$0,ann,bob$1,bob,cid$",
        "Unnamed: 0,payer,payee$0,ann,bob$1,bob,cid$",
        "\"\",\"x\",\"y\"$\"1\",\"ann\",\"bob\"$\"2\",\"bob\",\"cid\"$",
      })
  void recognisesAHeaderAndTheNamesOfSourceAndDestination(String text) throws IOException {
    assertEquals("ann>bob bob>cid", imported(DEFAULTS, file(text)));
  }

  @ParameterizedTest
  @CsvSource({
    "bradshaw97 100157$100157 364207$364207 bradshaw97$,"
        + " 100157>364207 364207>bradshaw97 bradshaw97>100157",
    "ann 5$5 6$6 ann$, 5>6 6>ann ann>5",
    "ann bob$5 6$6 ann$, 5>6 6>ann ann>bob",
    "ann bob$bob cid$, ann>bob bob>cid",
    "time money$money bank$, money>bank time>money",
    "5 ann$6 bob$, 5>ann 6>bob",
    "a1 17$17 b2$b2 a1$, 17>b2 a1>17 b2>a1",
  })
  void losesNoFirstEdge(String text, String edges) throws IOException {
    EdgeListOptions options = DEFAULTS.withIds(NodeIdKind.STRING);
    assertEquals(edges, imported(options, file(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann 5$6 7$7 8$",
        "time,money$hour,bank$",
        "name,friend$ann,bob$",
        "source,target$source,ann$bob,source$",
        "0,1,2$5,7,0.5$7,9,0.25$9,5,1.0$",
        "0,1$5,7$7,9$9,5$",
        "0,1,2$5,0,0.5$0,1,0.25$",
        "user,2019,2020$17,5,6$18,7,8$",
      })
  void rejectsAFirstLineThatMayBeEither(String text) throws IOException {
    String[] parts = {"cannot tell whether the first line is a header", "--header", "line=1"};
    rejects(DEFAULTS, text, parts);
    imported(DEFAULTS.withHeader(HeaderMode.YES).withIds(NodeIdKind.STRING), file(text));
    imported(DEFAULTS.withHeader(HeaderMode.NO).withIds(NodeIdKind.STRING), file(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"src,dst$", "source,target,weight$", "# c$from;to$", "id,label$", "u v"})
  void rejectsAHeaderWithoutEdges(String text) throws IOException {
    rejects(DEFAULTS, text, "no edges");
  }

  @Test
  void takesNumbersForPositionsUnlessAllAreNames() throws IOException {
    Path edges = file("0,1,2$5,7,0.5$7,9,0.25$9,5,1.0$");
    EdgeListOptions header = DEFAULTS.withHeader(HeaderMode.YES);
    assertEquals("5>7 7>9 9>5", imported(header, edges));
    assertEquals("5>7 7>9 9>5", imported(header.withColumns("0", "1"), edges));
    assertEquals(
        "5>7 7>9 9>5", imported(header.withColumns("1", "2").withWeightColumn("3"), edges));
    assertEquals(
        "5>7 7>9 9>5", imported(header.withColumns("0", "1").withWeightColumn("2"), edges));
  }

  @ParameterizedTest
  @CsvSource({
    "2-5, 10 11 12 13",
    "'2,3,4,5', 10 11 12 13",
    "'0,1,2,3', 10 11 12 13",
    "'4,5', 12 13",
    "2-3, 10 11",
    "'1,2', 11 12",
    "'0,3', 10 13",
  })
  void readsAListOfColumnsWhollyByNameOrWhollyByPosition(String columns, String row)
      throws IOException {
    Path nodes = file("id,0,1,2,3,label$0,10,11,12,13,0$1,20,21,22,23,1$2,30,31,32,33,0$");
    NodeTableOptions table =
        new NodeTableOptions(
            nodes,
            Optional.of("id"),
            List.of(columns.split(",")),
            Optional.of("label"),
            Optional.empty());
    Path out = folder.resolve("out");
    EdgeListImporter.importFiles(
        List.of(file("0 1$1 2$2 0$")),
        DEFAULTS.withNodes(table),
        out,
        ImportOptions.defaults(),
        Progress.NONE);
    try (GraphDataset data = GraphDataset.open(out)) {
      String[] need = row.split(" ");
      assertEquals(need.length, data.features().dim());
      assertArrayEquals(need, values(data, need.length));
    }
  }

  private static String[] values(GraphDataset data, int dim) {
    String[] texts = new String[dim];
    for (int i = 0; i < dim; i++) {
      texts[i] = Integer.toString((int) data.features().get(0, i));
    }
    return texts;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node_id\tnode_id$0\t1$1\t2$",
        "node_id,x,node_id$0,1,2$",
        "x;node_id;node_id$1;2;3$",
        "node_id|node_id|w$0|1|.5$1|2|.5$",
        "node_id,node_id,node_id$0,1,2$",
        "\"node_id\",\"node_id\"$0,1$1,2$"
      })
  void rejectsANameThatSeveralColumnsHave(String text) throws IOException {
    rejects(
        DEFAULTS.withColumns("node_id", "node_id"),
        text,
        "several columns have this name, give the column's number",
        "column=node_id");
    imported(DEFAULTS.withHeader(HeaderMode.YES), file(text));
  }

  @Test
  void nodeTableHasALayoutOfItsOwn() throws IOException {
    Path nodes = file("0;1,5$1;2,5$");
    NodeTableOptions table =
        new NodeTableOptions(
            nodes,
            Optional.of("1"),
            List.of(),
            Optional.empty(),
            List.of(),
            LabelOptions.DEFAULTS,
            Optional.of(Delimiter.SEMICOLON),
            Optional.of(HeaderMode.NO));
    EdgeListOptions options =
        DEFAULTS.withNodes(table).withHeader(HeaderMode.YES).withSeparator(Delimiter.COMMA);
    assertEquals("0>1", imported(options, file("a,b$0,1$")));
  }

  @Test
  void readsCarriageReturnsBeforeALineFeedAsItsPart() throws IOException {
    assertEquals(
        "ann>bob bob>cid", imported(DEFAULTS, file("src,dst\r\r$\r\r$ann,bob\r\r$bob,cid\r\r$")));
  }

  @Test
  void readsAByteOrderMarkBeforeAComment() throws IOException {
    assertEquals("0>1", imported(DEFAULTS, file("\uFEFF# c$0 1$")));
  }
}
