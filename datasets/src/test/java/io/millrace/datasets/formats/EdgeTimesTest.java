package io.millrace.datasets.formats;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.text.MalformedFieldException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeTimesTest {
  @TempDir Path folder;

  private static long read(Optional<TimeUnit> unit, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new EdgeTimes(unit).read(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "-7|-7",
        "9223372036854775807|9223372036854775807",
        "36.0|36",
        "-2.0|-2",
        "1.5e3|1500",
        "1970-01-02|86400",
        "2020-01-31T00:00:10Z|1580428810",
        "2020-01-31 00:00:10|1580428810",
        "2020-01-31T01:00:10+01:00|1580428810",
        "2020-01-31 01:00:10+0100|1580428810",
        "2020-01-31T00:00|1580428800",
        "1969-12-31T23:59:59.000|-1",
      })
  void readsWholeSecondsWithoutAUnit(String text, long seconds) {
    assertEquals(seconds, read(Optional.empty(), text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MILLISECONDS|1289241911.72836|1289241911728",
        "MICROSECONDS|1289241911.72836|1289241911728360",
        "NANOSECONDS|1289241911.72836|1289241911728360000",
        "SECONDS|1289241911.72836|1289241911",
        "SECONDS|-0.5|-1",
        "MILLISECONDS|1e-3|1",
        "MILLISECONDS|17|17",
        "MILLISECONDS|1970-01-01T00:00:01.25Z|1250",
        "DAYS|1970-01-03 18:00|2",
        "HOURS|1969-12-31 23:59|-1",
      })
  void convertsToAUnit(TimeUnit unit, String text, long time) {
    assertEquals(time, read(Optional.of(unit), text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.5",
        "1289241911.72836",
        "2020-01-31T00:00:00.5",
        "",
        "-",
        "x",
        "nan",
        "inf",
        "31/01/2020",
        "2020-13-01",
        "2020-01-31T25:00",
        "2020-01-31x",
        "1e300",
        "1e999999999",
        "1.5f"
      })
  void refusesWhatIsNoWholeSecond(String text) {
    assertThrows(MalformedFieldException.class, () -> read(Optional.empty(), text));
  }

  private Path edges(String... times) throws IOException {
    StringBuilder text = new StringBuilder("a,b,when\n");
    for (int i = 0; i < times.length; i++) {
      text.append(i).append(',').append(i + 1).append(',').append(times[i]).append('\n');
    }
    return Files.writeString(folder.resolve("edges.csv"), text);
  }

  private void run(Path file, EdgeListOptions options) {
    EdgeListImporter.importFiles(
        List.of(file), options, folder.resolve("out"), ImportOptions.defaults(), Progress.NONE);
  }

  private static final EdgeListOptions TIMES = EdgeListOptions.defaults().withTimeColumn("when");

  @Test
  void keepsTheTimesOfEdges() throws IOException {
    run(edges("1289241911.72836", "1289241941.53378"), TIMES.withTimeUnit(TimeUnit.MILLISECONDS));
    try (GraphDataset data = GraphDataset.open(folder.resolve("out"))) {
      long[] need = {1_289_241_911_728L, 1_289_241_941_533L};
      assertArrayEquals(need, data.edges().times().toArray(JAVA_LONG));
    }
  }

  @Test
  void namesTheLineAndTheOption() throws IOException {
    Path file = edges("1.0", "1.5");
    Expect.badInput(
        () -> run(file, TIMES), "time is not an integer; --time-unit", "line=3", "value=1.5");
  }

  /** An integer is of the unit, a fraction is seconds. */
  @ParameterizedTest
  @ValueSource(strings = {"1,1.5", "1.5,1", "1,2020-01-01", "2020-01-01,1.5", "2020-01-01,0"})
  void refusesTimesOfSeveralKinds(String times) throws IOException {
    Path file = edges(times.split(","));
    EdgeListOptions options = TIMES.withTimeUnit(TimeUnit.MILLISECONDS);
    BadInputException e = assertThrows(BadInputException.class, () -> run(file, options));
    assertTrue(e.getMessage().startsWith("times are of several kinds: file=" + file), e.toString());
  }
}
