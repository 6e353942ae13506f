package io.millrace.datasets.formats.edgelist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fields of a split column, or of three masks, mean. */
class NodeSplitsTest extends NodeTableFixture {
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
}
