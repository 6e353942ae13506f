package io.millrace.datasets.formats.edgelist;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.features.MissingValues;
import io.millrace.datasets.formats.features.Normalization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fields of a node table mean. The tables have three nodes, which are their rows. */
class NodeTableTest {
  @TempDir Path folder;
  private List<String> found;
  private int numOuts;

  private Path table(String header, List<String> rows) throws IOException {
    return Files.writeString(
        folder.resolve("nodes.csv"), header + "\n" + String.join("\n", rows) + "\n");
  }

  private static NodeTableOptions labels(Path file, LabelKind kind, String... unlabelled) {
    return new NodeTableOptions(
        file,
        Optional.empty(),
        List.of(),
        Optional.of("y"),
        List.of(),
        new LabelOptions(kind, List.of(unlabelled)),
        Optional.empty(),
        Optional.empty());
  }

  private static NodeTableOptions splits(Path file, String... columns) {
    return new NodeTableOptions(
        file,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(columns),
        LabelOptions.DEFAULTS,
        Optional.empty(),
        Optional.empty());
  }

  private static NodeTableOptions features(Path file, String... columns) {
    return new NodeTableOptions(
        file, Optional.empty(), List.of(columns), Optional.empty(), Optional.empty());
  }

  private <T> T run(NodeTableOptions table, ImportOptions options, Function<GraphDataset, T> read)
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

  private <T> T run(NodeTableOptions table, Function<GraphDataset, T> read) throws IOException {
    return run(table, ImportOptions.defaults(), read);
  }

  private void rejects(NodeTableOptions table, String... parts) {
    Expect.badInput(() -> run(table, GraphDataset::name), parts);
    assertFalse(Files.exists(folder.resolve("out" + (numOuts - 1))));
  }

  private int[] labels(List<String> rows, LabelKind kind, String... unlabelled) throws IOException {
    Path file = table("y,z", rows.stream().map(row -> row + ",0").toList());
    return run(labels(file, kind, unlabelled), data -> data.labels().values().toArray(JAVA_INT));
  }

  /** Whichever row comes first. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "Unknown",
        "NA",
        "N/A",
        "#N/A",
        "<NA>",
        "None",
        "null",
        "NULL",
        "nil",
        "?",
        "-",
        "nan",
        "NaN",
        "-1",
        "-1.0",
        "\"\"",
        "\" NA \"",
        "unlabelled",
        "unlabeled",
        "missing",
        "undefined"
      })
  void takesWordsForNoLabelInAnyOrderOfTheRows(String word) throws IOException {
    for (int shift = 0; shift < 3; shift++) {
      List<String> numbers = Arrays.asList(word, "1", "2");
      List<Integer> need = Arrays.asList(-1, 1, 2);
      Collections.rotate(numbers, shift);
      Collections.rotate(need, shift);
      assertArrayEquals(ints(need), labels(numbers, LabelKind.AUTO));
      List<String> names = Arrays.asList(word, "shop", "bar");
      List<Integer> classes = Arrays.asList(-1, 1, 0);
      Collections.rotate(names, shift);
      Collections.rotate(classes, shift);
      assertArrayEquals(ints(classes), labels(names, LabelKind.AUTO));
    }
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  @Test
  void reportsTheWordsThatItTookForNoLabel() throws IOException {
    labels(List.of("NA", "unknown", "NA"), LabelKind.AUTO);
    assertEquals(List.of("taken for no label: NA (2), unknown (1)"), found);
  }

  @Test
  void takesTheWordsThatTheUserStatesInsteadOfTheDefaultOnes() throws IOException {
    List<String> rows = List.of("none", "Tbd", "1st");
    assertArrayEquals(new int[] {1, -1, 0}, labels(rows, LabelKind.AUTO, "tbd"));
    assertArrayEquals(new int[] {-1, -1, 0}, labels(rows, LabelKind.AUTO, "tbd", "none"));
    assertArrayEquals(new int[] {-1, 1, 0}, labels(rows, LabelKind.AUTO));
    assertArrayEquals(
        new int[] {0, -1, -1}, labels(List.of("5x", "nan", "-1"), LabelKind.AUTO, "q"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 2 shop|shop",
        "1 shop 2|shop",
        "shop 1 2|1",
        "tbd 1 -1|1",
        "0 3D 1|3D",
        "1.5x 0 1|0"
      })
  void refusesLabelsThatAreNumbersAndText(String rows, String value) throws IOException {
    Path file = table("y", List.of(rows.split(" ")));
    rejects(
        labels(file, LabelKind.AUTO),
        "labels are numbers and text: --unlabelled WORD",
        "column=y, value=" + value);
  }

  @Test
  void takesNumbersForNamesOfClassesIfAsked() throws IOException {
    assertArrayEquals(new int[] {2, 0, 1}, labels(List.of("shop", "1", "10"), LabelKind.NAMES));
    assertArrayEquals(new int[] {1, 0, -1}, labels(List.of("2", "10", "-1"), LabelKind.NAMES));
    Path file = table("y", List.of("shop", "1", "2"));
    rejects(labels(file, LabelKind.NUMBERS), "not a number", "line=2", "value=shop");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "f*    |y    |     |     |column=fraud, roles=label and feature",
        "f0,f* |id   |     |     |column=f0, roles=feature and feature",
        "2-4   |fraud|     |     |column=fraud, roles=label and feature",
        "1-3   |fraud|id   |     |column=id, roles=id and feature",
        "f0    |fraud|fraud|     |column=fraud, roles=id and label",
        "f0,f1 |fraud|id   |f1   |column=f1, roles=split and feature",
        "f0    |fraud|id   |fraud|column=fraud, roles=label and split",
        "4     |fraud|id   |     |column=fraud, roles=label and feature",
        "f0    |id   |1    |     |column=id, roles=id and label",
      })
  void refusesAColumnWithTwoRoles(
      String features, String label, String id, String split, String where) throws IOException {
    Path file = table("id,f0,f1,fraud", List.of("0,1,2,0", "1,3,4,1", "2,5,6,0"));
    NodeTableOptions options =
        new NodeTableOptions(
            file,
            Optional.ofNullable(id),
            List.of(features.strip().split(",")),
            Optional.of(label.equals("y") ? "fraud" : label),
            Optional.ofNullable(split));
    rejects(options, "column has two roles: file=" + file, where);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|1|        |        |source and destination",
        "2|b|        |        |source and destination",
        "1|2|2       |        |destination and weight",
        "1|2|        |a       |source and time",
        "1|2|3       |c       |weight and time",
      })
  void refusesAColumnOfEdgesWithTwoRoles(
      String src, String dst, String weight, String time, String roles) throws IOException {
    Path edges = Files.writeString(folder.resolve("edges.csv"), "a,b,c\n0,1,2\n1,2,3\n");
    EdgeListOptions options = EdgeListOptions.defaults().withColumns(src, dst);
    EdgeListOptions weighted = weight == null ? options : options.withWeightColumn(weight);
    EdgeListOptions timed = time == null ? weighted : weighted.withTimeColumn(time);
    Expect.badInput(
        () ->
            EdgeListImporter.importFiles(
                List.of(edges),
                timed,
                folder.resolve("out"),
                ImportOptions.defaults(),
                Progress.NONE),
        "column has two roles",
        "roles=" + roles);
  }

  private String splitOf(NodeTableOptions options) throws IOException {
    return run(
        options,
        data ->
            String.join(
                " ", Stream.of(Split.values()).map(s -> Arrays.toString(data.nodes(s))).toList()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tr va te",
        "train dev test",
        "0 1 2",
        "0.0 1.0 2.0",
        "Training Validation Testing",
        "TRAIN val TEST",
        "train development te"
      })
  void readsSplitsAsWordsAndNumbers(String words) throws IOException {
    List<String> rows = List.of(words.split(" "));
    assertEquals("[0] [1] [2]", splitOf(splits(table("part,z", with(rows)), "part")));
  }

  private static List<String> with(List<String> rows) {
    return rows.stream().map(row -> row + ",0").toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "none", "NA", "nan", "-1", "null", "?"})
  void leavesNodesOutOfAllSplits(String word) throws IOException {
    List<String> rows = List.of("train", word, "test");
    assertEquals("[0] [] [2]", splitOf(splits(table("part,z", with(rows)), "part")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 1 1       |all of the numbers 0 (train)",
        "1 0 0       |all of the numbers 0 (train)",
        "0 1 test    |all of the numbers 0 (train)",
        "0 1 3       |not a split",
        "True False 1|not a split",
        "0 1.5 2     |not a split",
        "trian va te |not a split",
      })
  void refusesSplitsThatMayMeanSomethingElse(String rows, String rule) throws IOException {
    rejects(splits(table("part,z", with(List.of(rows.strip().split(" +")))), "part"), rule);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "True,False,False;False,True,False;False,False,True",
        "true,false,;false,true,;,,true",
        "TRUE,FALSE,FALSE;FALSE,TRUE,FALSE;FALSE,FALSE,TRUE",
        "1,0,0;0,1,0;0,0,1",
        "1.0,0.0,0.0;0.0,1.0,0.0;0.0,0.0,1.0",
        "t,f,f;f,t,f;f,f,t",
        "yes,no,no;no,yes,no;no,no,yes",
      })
  void readsMasksOfBooleans(String rows) throws IOException {
    Path file = table("a,b,c", List.of(rows.split(";")));
    assertEquals("[0] [1] [2]", splitOf(splits(file, "a", "b", "c")));
    assertEquals("[2] [1] [0]", splitOf(splits(file, "c", "2", "a")));
  }

  @Test
  void refusesMasksThatAreNone() throws IOException {
    Path twice = table("a,b,c", List.of("1,0,0", "1,0,1", "0,1,0"));
    rejects(splits(twice, "a", "b", "c"), "node is in two splits", "line=3, splits=TRAIN and TEST");
    rejects(splits(twice, "a", "b"), "need one column, or three masks", "columns=[a, b]");
    Path other = table("a,b,c", List.of("1,0,0", "2,0,1", "0,1,0"));
    rejects(splits(other, "a", "b", "c"), "not a boolean", "line=3, column=a, value=2");
    rejects(splits(other, "a", "a", "c"), "column has two roles", "split and split");
  }

  private float[] featuresOf(MissingValues missing, String rows) throws IOException {
    return run(
        features(table("f,g", List.of(rows.split(" "))), "f", "g"),
        ImportOptions.defaults().withMissing(missing),
        data -> data.features().rows().toArray(JAVA_FLOAT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"True/False", "true/false", "TRUE/FALSE", "t/f", "T/F", "yes/no", "Y/N"})
  void readsBooleansAsFeatures(String words) throws IOException {
    String[] word = words.split("/");
    String rows = word[0] + ",5 " + word[1] + ",6 " + word[1] + ",7";
    float[] need = {1, 5, 0, 6, 0, 7};
    assertArrayEquals(need, featuresOf(MissingValues.ERROR, rows));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\"\"", "nan", "NaN", "-nan", "NA", "N/A", "#N/A", "None", "null", "?", "-"})
  void fillsMissingFeatures(String word) throws IOException {
    String rows = "1," + word + " 3,4 8,6";
    assertArrayEquals(new float[] {1, 0, 3, 4, 8, 6}, featuresOf(MissingValues.ZERO, rows));
    assertArrayEquals(new float[] {1, 5, 3, 4, 8, 6}, featuresOf(MissingValues.MEAN, rows));
    Path file = folder.resolve("nodes.csv");
    rejects(
        features(file, "f", "g"),
        "feature is not finite; --missing zero or mean",
        "line=2, column=2, value=NaN");
  }

  @Test
  void standardisesAndFillsTogether() throws IOException {
    Path file = table("f,g", List.of("1,", "3,-1", "8,1"));
    ImportOptions options =
        ImportOptions.defaults()
            .withMissing(MissingValues.MEAN)
            .withNormalization(Normalization.COLUMN);
    float[] values =
        run(features(file, "f", "g"), options, d -> d.features().rows().toArray(JAVA_FLOAT));
    float one = (float) (1 / Math.sqrt(2 / 3.0));
    assertArrayEquals(new float[] {0, -one, one}, new float[] {values[1], values[3], values[5]});
    Path empty = table("f,g", List.of("1,", "3,NA", "8,nan"));
    Expect.badInput(
        () -> run(features(empty, "f", "g"), options, GraphDataset::name),
        "feature has no values to take the mean of",
        "column=2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 2 .5",
        "[1, 2, 0.5]",
        "\"[1,2,.5]\"",
        "[1 2  0.5]",
        "1;2;0.5",
        "1|2|5e-1",
        "[ 1 ; 2 ; .5 ]",
        "True 2 0.5"
      })
  void readsSeveralFeaturesInAField(String cell) throws IOException {
    String quoted = cell.startsWith("\"") ? cell : '"' + cell + '"';
    Path file = table("v,g", List.of(quoted + ",7", quoted + ",8", "[1 2 nan],9"));
    ImportOptions options = ImportOptions.defaults().withMissing(MissingValues.ZERO);
    float[] values =
        run(features(file, "g", "v"), options, d -> d.features().rows().toArray(JAVA_FLOAT));
    assertArrayEquals(new float[] {7, 1, 2, .5f, 8, 1, 2, .5f, 9, 1, 2, 0}, values);
    assertEquals(List.of("each field of column v has 3 features"), found);
  }

  @Test
  void fillsAListThatIsMissingInTheFirstRow() throws IOException {
    Path file = table("v", List.of("NA", "\"[1, 2]\"", "\"[3, 4]\""));
    ImportOptions options = ImportOptions.defaults().withMissing(MissingValues.MEAN);
    float[] values =
        run(features(file, "v"), options, d -> d.features().rows().toArray(JAVA_FLOAT));
    assertArrayEquals(new float[] {2, 3, 1, 2, 3, 4}, values);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "1 2/3/4 5#wrong number of values#line=3, column=v, values=1, need=2",
        "1/2 3/4#not a number#line=3, column=v, value=2 3",
        "[1 2]/[1 2 3]/[1 2]#wrong number of values#values=3, need=2",
        "0,5/0,6/0,7#not a number#value=0,5",
        "1 x/2 3/4 5#not a number#line=2, column=v, value=x",
        "[1,2/3 4/5 6#not a number#line=2, column=v, value=[1,2",
        "(5)/6/7#not a number#line=2, column=v, value=(5)",
        "1;/2;/3;#feature is not finite#line=2, column=2",
      })
  void refusesFieldsThatAreNotAsManyNumbers(String rows, String rule, String where)
      throws IOException {
    List<String> quoted = Stream.of(rows.split("/")).map(row -> '"' + row + "\",0").toList();
    rejects(features(table("v,z", quoted), "v"), rule, where);
  }
}
