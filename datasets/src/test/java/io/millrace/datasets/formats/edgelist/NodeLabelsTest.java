package io.millrace.datasets.formats.edgelist;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fields of a label column mean. */
class NodeLabelsTest extends NodeTableFixture {
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

  private int[] labels(List<String> rows, LabelKind kind, String... unlabelled) throws IOException {
    Path file = table("y,z", rows.stream().map(row -> row + ",0").toList());
    return run(labels(file, kind, unlabelled), data -> data.labels().values().toArray(JAVA_INT));
  }

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
  void takesWordsForNoLabel(String word) throws IOException {
    assertArrayEquals(new int[] {-1, 1, 2}, labels(List.of(word, "1", "2"), LabelKind.AUTO));
    assertArrayEquals(new int[] {1, -1, 0}, labels(List.of("shop", word, "bar"), LabelKind.AUTO));
  }

  @Test
  void takesThemWhicheverRowComesFirst() throws IOException {
    for (int shift = 0; shift < 3; shift++) {
      List<String> numbers = Arrays.asList("unknown", "1", "2");
      List<Integer> need = Arrays.asList(-1, 1, 2);
      Collections.rotate(numbers, shift);
      Collections.rotate(need, shift);
      assertArrayEquals(ints(need), labels(numbers, LabelKind.AUTO));
      List<String> names = Arrays.asList("unknown", "shop", "bar");
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
}
