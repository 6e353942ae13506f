package io.millrace.bench.slicer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contest of gathers: its contenders and its figures. */
class GatherContestTest {
  private static final FeatureMatrix ROWS = floats(100, 7);
  private static final GatherSettings SETTINGS = new GatherSettings(300, 2, 1, 5, 3);
  private static final String COPY = "rows + ids[i] * row_bytes, row_bytes)";

  private static FeatureMatrix floats(int numNodes, int dim) {
    MemorySegment rows = Arena.ofAuto().allocate((long) numNodes * dim * Float.BYTES);
    for (int i = 0; i < numNodes * dim; i++) {
      rows.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
    }
    return FeatureMatrix.of(numNodes, dim, FeatureType.FLOAT32, rows);
  }

  private static String compiler() {
    try {
      return ReferenceC.compiler(System.getenv());
    } catch (BadInputException e) {
      assumeTrue(false, e.getMessage());
      throw e;
    }
  }

  @Test
  void theReferenceInCGathersTheRowsThatWereAskedFor() {
    int[] nodes = new Random(3).ints(50, 0, ROWS.numNodes()).toArray();
    try (ReferenceC c = ReferenceC.compile(compiler(), ReferenceC.source());
        Arena arena = Arena.ofConfined()) {
      MemorySegment slot = arena.allocate((long) nodes.length * ROWS.rowBytes());
      c.prefetch(ROWS.rows(), ROWS.rowBytes(), nodes, slot);
      assertRows(nodes, slot);
      slot.fill((byte) 0);
      c.fresh(ROWS.rows(), ROWS.rowBytes(), nodes, slot, out -> assertRows(nodes, out));
      assertRows(nodes, slot); // so few rows get the same memory again
      int[] many = new int[(int) (ReferenceC.KEPT_BYTES / ROWS.rowBytes()) + 1];
      Arrays.fill(many, 7);
      c.fresh(
          ROWS.rows(),
          ROWS.rowBytes(),
          many,
          MemorySegment.NULL,
          out -> assertRows(new int[] {7}, out.asSlice(out.byteSize() - ROWS.rowBytes())));
    }
  }

  private static void assertRows(int[] nodes, MemorySegment out) {
    assertEquals((long) nodes.length * ROWS.rowBytes(), out.byteSize());
    for (int i = 0; i < nodes.length; i++) {
      for (int column = 0; column < ROWS.dim(); column++) {
        assertEquals(
            ROWS.get(nodes[i], column),
            out.getAtIndex(ValueLayout.JAVA_FLOAT, (long) i * ROWS.dim() + column),
            "row " + i);
      }
    }
  }

  /** Each loop of the source copies {@code ids[i]}: the first prefetches, the second is fresh. */
  @ParameterizedTest
  @ValueSource(strings = {GatherContest.C_PREFETCH, GatherContest.C_FRESH})
  void aContenderThatGathersOtherRowsIsFound(String name) {
    String source = ReferenceC.source();
    int at = name.equals(GatherContest.C_FRESH) ? source.lastIndexOf(COPY) : source.indexOf(COPY);
    String wrong = source.substring(0, at) + COPY.replace("[i]", "[0]");
    String broken = wrong + source.substring(at + COPY.length());
    String compiler = compiler();

    try (GatherContest contest =
        new GatherContest(SETTINGS, Progress.NONE, () -> ReferenceC.compile(compiler, broken))) {
      List<GatherTable> tables = GatherTable.of(ROWS);
      Exception e =
          assertThrows(IllegalStateException.class, () -> contest.measure(tables, () -> {}));
      assertEquals("gathers disagree: " + name + ", java", e.getMessage());
    }
  }

  @Test
  void aCompilerThatIsNotThereOrFailsOrMakesNoLibraryIsNamed() {
    assertNoLibrary("no-such-compiler", "cannot compile: ", "no-such-compiler");
    assertNoLibrary("false", "cannot compile: false failed: it gave no message");
    assertNoLibrary("true", "cannot load what was compiled: ", System.mapLibraryName("gather"));
  }

  private static void assertNoLibrary(String compiler, String... words) {
    List<String> notes = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void update(String stage, long done, long total) {}

          @Override
          public void note(String message) {
            notes.add(message);
          }
        };
    Supplier<ReferenceC> none = () -> ReferenceC.compile(compiler, ReferenceC.source());
    new GatherContest(SETTINGS, progress, none).close();
    assertEquals(1, notes.size());
    for (String word : words) {
      assertTrue(notes.getFirst().contains(word), notes.getFirst());
    }
  }

  @Test
  void theCompilerIsTheOneThatIsNamedOrTheFirstOnThePath(@TempDir Path folder) throws IOException {
    Map<String, String> path = Map.of("PATH", "/no/such/folder" + File.pathSeparator + folder);
    Exception none = assertThrows(BadInputException.class, () -> ReferenceC.compiler(path));
    assertEquals("no C compiler was found: tried=[cc, gcc, clang]", none.getMessage());
    for (String name : List.of("clang", "gcc", "cc")) {
      assertTrue(Files.createFile(folder.resolve(name)).toFile().setExecutable(true));
      assertEquals(name, ReferenceC.compiler(path));
    }
    assertEquals("cc -m64", ReferenceC.compiler(Map.of("CC", "cc -m64")));
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
    Map<String, Object> json;
    try (GatherContest contest = new GatherContest(SETTINGS, Progress.NONE)) {
      json = contest.measure(GatherTable.of(ROWS), () -> {}).json();
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
