package io.millrace.cli.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.cli.CommandRun;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.npy.NpyWriter;
import io.millrace.datasets.npy.NpzFile;
import io.millrace.datasets.npy.NumpyReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTimesTest {
  @TempDir Path folder;
  private Path dataset;
  private Path seeds;
  private Path out;

  /** To 0 write 4, 3, 2 and 1, the last one first. */
  @BeforeEach
  void importAGraph() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("edges.csv"), "src,dst,when\n4,0,40\n3,0,30\n2,0,20\n1,0,10\n");
    dataset = folder.resolve("data");
    out = folder.resolve("batches.npz");
    seeds = Files.writeString(folder.resolve("seeds.txt"), "0\n0\n0\n");
    CommandRun.ok("import", "edges", file, "--time-column", "when", "--out", dataset);
  }

  private Path times(long... values) throws IOException {
    Path file = Files.createTempFile(folder, "times", ".npy");
    Files.delete(file);
    try (NpyWriter writer = NpyWriter.create(file, NpyType.INT64, values.length)) {
      writer.write(MemorySegment.ofArray(values));
      writer.finish();
    }
    return file;
  }

  @Test
  void entriesAreNodesAtATime() throws IOException {
    sample("--times", times(25, 15, 25), "--fanout", "-1", "--batch-size", 2, "--edge-positions");
    assertArrayEquals(new long[] {0, 0, 1, 2, 1}, array("b0_nodes"));
    assertArrayEquals(new long[] {25, 15, 25, 25, 15}, array("b0_times"));
    assertArrayEquals(new long[] {0, 1, 0}, array("b0_l0_positions"));
    assertArrayEquals(new long[] {0, 1, 2}, array("b1_nodes"));
  }

  @Test
  void inspectShowsTheTimesOfTheEdges() {
    JsonObject report = CommandRun.ok("inspect", dataset, "--json", "-").json();
    assertEquals(10, report.get("edge_time_first").getAsLong());
    assertEquals(40, report.get("edge_time_last").getAsLong());
    assertTrue(report.get("rows_by_time").getAsBoolean());
  }

  @Test
  void optionsChooseWhichEdgesCount() throws IOException {
    Path times = times(30, 30, 30);
    sample("--times", times, "--fanout", "-1", "--until");
    assertArrayEquals(new long[] {0, 1, 2, 3}, array("b0_nodes"));
    sample("--times", times, "--fanout", "-1", "--window", 10, "--before");
    assertArrayEquals(new long[] {0, 2}, array("b0_nodes"));
    sample("--times", times, "--fanout", "1", "--draw", "latest", "--source-times", "edge");
    assertArrayEquals(new long[] {0, 2}, array("b0_nodes"));
    assertArrayEquals(new long[] {30, 20}, array("b0_times"));
    sample("--fanout", "2", "--draw", "latest");
    assertArrayEquals(new long[] {0, 3, 4}, array("b0_nodes"));
  }

  private void sample(Object... options) throws IOException {
    Files.deleteIfExists(out);
    CommandRun.ok(with(options));
  }

  private Object[] with(Object... options) {
    List<Object> all = new ArrayList<>(List.of("sample", dataset, "--out", out, "--seeds", seeds));
    all.addAll(Arrays.asList(options));
    return all.toArray();
  }

  private long[] array(String name) {
    try (NpzFile found = NpzFile.open(out);
        NumpyReader reader = found.read(name)) {
      long[] values = new long[(int) reader.numElements()];
      reader.next(values, values.length);
      return values;
    }
  }

  @Test
  void rejectsWhatCannotWork() throws IOException {
    Path times = times(1, 2, 3);
    rejects("need one time per seed: seeds=3, times=2", "--times", times(1, 2));
    rejects("--before, --until, --window and --source-times need --times", "--until");
    rejects("--before and --until exclude each other", "--times", times, "--before", "--until");
    rejects("need 0 or more: window=-1", "--times", times, "--window", "-1");
    rejects("this draw does not go with times: draw=labor", "--times", times, "--draw", "labor");
    rejects("no such draw: draw=latest-replace", "--draw", "latest-replace");
    CommandRun.of("sample", dataset, "--out", out, "--split", "train", "--times", times)
        .assertBadInput("--times are those of --seeds");
    Path plain = folder.resolve("plain");
    CommandRun.ok("import", "edges", folder.resolve("edges.csv"), "--out", plain);
    dataset = plain;
    rejects("edges of the dataset have no times: dataset=edges", "--times", times);
    rejects("edges of the dataset have no times: dataset=edges", "--draw", "latest");
    assertFalse(Files.exists(out));
  }

  private void rejects(String message, Object... options) {
    CommandRun.of(with(options)).assertBadInput(message);
  }
}
