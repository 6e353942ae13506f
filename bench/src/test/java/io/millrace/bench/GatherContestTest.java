package io.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.Progress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The contest of gathers: its contenders and its figures. */
class GatherContestTest {
  private static final FeatureMatrix ROWS = floats(100, 7);

  private static FeatureMatrix floats(int numNodes, int dim) {
    MemorySegment rows = Arena.ofAuto().allocate((long) numNodes * dim * Float.BYTES);
    for (int i = 0; i < numNodes * dim; i++) {
      rows.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
    }
    return FeatureMatrix.of(numNodes, dim, FeatureType.FLOAT32, rows);
  }

  private static ReferenceC compile() {
    try {
      return ReferenceC.compile();
    } catch (IOException e) {
      assumeTrue(false, "no C compiler: " + e.getMessage());
      throw new AssertionError(e);
    }
  }

  @Test
  void theReferenceInCGathersTheRowsThatWereAskedFor() {
    int[] nodes = new Random(3).ints(50, 0, ROWS.numNodes()).toArray();
    try (ReferenceC c = compile();
        Arena arena = Arena.ofConfined()) {
      MemorySegment slot = arena.allocate((long) nodes.length * ROWS.rowBytes());
      c.prefetch(ROWS.rows(), ROWS.rowBytes(), nodes, slot);
      for (int i = 0; i < nodes.length; i++) {
        for (int column = 0; column < ROWS.dim(); column++) {
          assertEquals(
              ROWS.get(nodes[i], column),
              slot.getAtIndex(ValueLayout.JAVA_FLOAT, (long) i * ROWS.dim() + column),
              "row " + i);
        }
      }
      c.fresh(ROWS.rows(), ROWS.rowBytes(), nodes);
    }
  }

  @Test
  void aCompilerThatIsNotThereOrFailsIsNamed() {
    IOException missing =
        assertThrows(IOException.class, () -> ReferenceC.compile("no-such-compiler").close());
    assertTrue(missing.getMessage().contains("no-such-compiler"), missing.getMessage());
    IOException failed = assertThrows(IOException.class, () -> ReferenceC.compile("false").close());
    assertTrue(failed.getMessage().startsWith("false failed"), failed.getMessage());
  }

  @Test
  void aMatrixIsGatheredAsItIsAndHalvesWidenedToo() {
    MemorySegment halves = Arena.ofAuto().allocate(20 * 3 * Short.BYTES);
    FeatureMatrix narrow = FeatureMatrix.of(20, 3, FeatureType.FLOAT16, halves);

    assertEquals(List.of("float32"), labels(ROWS));
    assertEquals(List.of("float16", "float16 to float32"), labels(narrow));
    assertEquals(
        List.of(6, 12), GatherTable.of(narrow).stream().map(GatherTable::outRowBytes).toList());
  }

  private static List<String> labels(FeatureMatrix rows) {
    return GatherTable.of(rows).stream().map(GatherTable::label).toList();
  }

  @Test
  void everyContenderRunsOnAllNumbersOfThreads() {
    GatherSettings settings = new GatherSettings(300, 2, 1, 5, 3);
    Map<String, Object> json;
    try (GatherContest contest = new GatherContest(settings, Progress.NONE)) {
      json = contest.measure(GatherTable.of(ROWS)).json();
    }
    List<?> variants = (List<?>) json.get("variants");
    for (String name : List.of(GatherContest.COPY, GatherContest.JAVA)) {
      assertEquals(
          List.of(1, 2, 3),
          variants.stream()
              .map(variant -> (Map<?, ?>) variant)
              .filter(variant -> variant.get("name").equals(name))
              .map(variant -> variant.get("threads"))
              .toList());
    }
  }

  @Test
  void figuresAreMediansOfAllThreadsTogether() {
    GatherResult result = new GatherResult();
    GatherTable table = GatherTable.of(ROWS).getFirst();
    for (long nanos : new long[] {4_000, 1_000, 2_000}) {
      result.add(turn(table, GatherContest.COPY), 500, nanos / 2);
      result.add(turn(table, GatherContest.JAVA), 500, nanos);
      result.add(turn(table, GatherContest.NATIVE), 500, nanos / 4);
    }

    Map<?, ?> variant = (Map<?, ?>) ((List<?>) result.json().get("variants")).getLast();
    assertEquals(GatherContest.NATIVE, variant.get("name"));
    assertEquals("float32", variant.get("type"));
    assertEquals(2, variant.get("threads"));
    assertEquals(1e9, (double) variant.get("rows_per_second"), 1);
    assertEquals(28, (double) variant.get("gb_per_second"), 1e-6);
    assertEquals(4, (double) variant.get("against_java"), 1e-6);
    assertEquals(2, (double) variant.get("of_copy"), 1e-6);
  }

  private static GatherContest.Turn turn(GatherTable table, String name) {
    return new GatherContest.Turn(table, name, (_, _) -> {}, 2);
  }
}
