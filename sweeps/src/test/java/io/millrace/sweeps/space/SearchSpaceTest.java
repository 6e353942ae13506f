package io.millrace.sweeps.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchSpaceTest {
  private static final String TEXT =
      """
      lr: {log: [1e-4, 1e-1]}
      hidden: [64, 128, 256]
      dropout: {uniform: [0, .6]}
      layers:
        int: [2, 4]
      fanout: [[10, 5], [15, 10]]   # one value each
      model: [sage, gat]
      batch-size: 512
      """;

  @TempDir private Path folder;

  private SearchSpace read(String text) {
    Path file = folder.resolve("space.yaml");
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return SearchSpace.read(file);
  }

  @Test
  void drawsFromEveryKindOfParameter() {
    SearchSpace space = read(TEXT);
    Set<String> fanouts = new HashSet<>();
    int belowGeometricMean = 0;
    for (int trial = 0; trial < 400; trial++) {
      Map<String, String> settings = space.draw(3, trial);
      assertEquals(space.names(), List.copyOf(settings.keySet()));
      double lr = Double.parseDouble(settings.get("lr"));
      assertTrue(lr >= 1e-4 && lr <= 1e-1);
      belowGeometricMean += lr < Math.sqrt(1e-5) ? 1 : 0;
      double dropout = Double.parseDouble(settings.get("dropout"));
      assertTrue(dropout >= 0 && dropout <= .6);
      assertTrue(List.of("2", "3", "4").contains(settings.get("layers")));
      assertEquals("512", settings.get("batch-size"));
      fanouts.add(settings.get("fanout"));
    }
    assertEquals(Set.of("10,5", "15,10"), fanouts);
    assertTrue(Math.abs(belowGeometricMean - 200) < 60, "" + belowGeometricMean); // 6 sigma
    assertEquals(List.of("lr", "hidden", "dropout", "layers", "fanout", "model"), space.varying());
  }

  @Test
  void aTrialFollowsFromSeedAndNumber() {
    assertEquals(read(TEXT).draw(3, 7), read(TEXT).draw(3, 7));
    assertNotEquals(read(TEXT).draw(3, 7), read(TEXT).draw(4, 7));
    assertNotEquals(read(TEXT).draw(3, 7), read(TEXT).draw(3, 8));
    String first = read("a: {log: [1e-3, 1]}").draw(3, 7).get("a");
    assertEquals(first, read("b: {int: [1, 9]}\na: {log: [1e-3, 1]}").draw(3, 7).get("a"));
  }

  @Test
  void listsAloneAreTriedWithoutRepetition() {
    SearchSpace space = read("a: [1, 2, 3]\nb: [x, y]");
    Set<Map<String, String>> tried = new HashSet<>();
    for (int trial = 0; trial < 6; trial++) {
      assertTrue(tried.add(space.draw(1, trial)));
    }
    assertEquals(space.draw(1, 0), space.draw(1, 6));
    assertEquals(6, space.numCombinations().orElseThrow());
  }

  @Test
  void aCopyExploresNearItsSettings() {
    SearchSpace space = read("lr: {log: [1e-4, 1]}\nhidden: [1, 2, 3]\nn: {int: [1, 100]}");
    Map<String, String> from = Map.of("lr", "0.01", "hidden", "2", "n", "50");
    int near = 0;
    Set<String> hidden = new HashSet<>();
    for (int trial = 0; trial < 200; trial++) {
      Map<String, String> next = space.explore(from, Set.of("lr", "hidden"), 0, trial, 1);
      assertEquals("50", next.get("n"));
      near += List.of("0.012", "0.008").contains(next.get("lr")) ? 1 : 0;
      hidden.add(next.get("hidden"));
    }
    assertTrue(Math.abs(near - 150) < 37, "" + near); // 6 sigma
    assertEquals(Set.of("1", "2", "3"), hidden);
    Map<String, String> end = space.explore(Map.of("lr", "1.0"), Set.of("lr"), 0, 3, 1);
    assertTrue(Double.parseDouble(end.get("lr")) <= 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lr: {log: [0, 1]}| a logarithmic range begins above 0: low=0.0, file=FILE, line=1,"
            + " name=lr",
        "a: 1\\nlr: {logs: [1, 2]}| a range is uniform, log or int: file=FILE, line=2, name=lr,"
            + " found=logs",
        "a: 1\\n\\nlr: {uniform: [2, 1]}| a range has a low and a high end: low=2.0, high=1.0,"
            + " file=FILE, line=3, name=lr",
        "lr: {uniform: [1]}| a range is [low, high]: file=FILE, line=1, range=uniform",
        "lr: {uniform: [1, b]}| the end of a range is a number: file=FILE, line=1, found=b",
        "a: [1, 2, 1]| a list names each value once: file=FILE, line=1, value=1",
        "a: []| a list of values must not be empty: values=[], file=FILE, line=1, name=a",
        "a:| a value is missing: file=FILE, line=1",
        "- a| a search space is a mapping of names to values: file=FILE, line=1, found=a list",
        "n: {int: [1, 2.5]}| a range of whole numbers: low=1.0, high=2.5, file=FILE, line=1,"
            + " name=n",
        "a: {}| a range is uniform, log or int: file=FILE, line=1, name=a",
        "{}| a search space needs a parameter: space=FILE",
      })
  void namesFileAndLine(String text, String message) {
    BadInputException e =
        assertThrows(BadInputException.class, () -> read(text.replace("\\n", "\n")));
    assertEquals(message.replace("FILE", folder.resolve("space.yaml").toString()), e.getMessage());
  }

  @Test
  void refusesWhatIsNoYaml() {
    for (String text : List.of("a: [1", "a: 1\na: 2", "", "a: &x [1]\nb: *x")) {
      BadInputException e = assertThrows(BadInputException.class, () -> read(text));
      assertTrue(e.getMessage().contains("space.yaml"), e.getMessage());
    }
  }
}
