package io.millrace.datasets.csr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.TestEdges;
import io.millrace.datasets.inspect.DatasetInspector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A build through the temporary file that is killed, or whose disk is full. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedBuildTest {
  private static final int NUM_NODES = 1000;
  private static final int[][] EDGES = TestEdges.skewed(new Random(3), NUM_NODES, 40_000);

  @TempDir Path folder;

  private static void build(Path out, EdgeSource source, long storeBytes) {
    SortMemory sizes = new SortMemory(2, 1000, 1 << 24, storeBytes);
    TestBuild.write(out, NUM_NODES, source, EdgeOptions.DIRECTED, sizes);
  }

  /** Stops for ever once 30 blocks are in the temporary file. */
  static final class Stuck {
    public static void main(String[] args) {
      EdgeSource edges = new TestEdges(EDGES, EdgeColumns.NONE);
      EdgeSource source =
          block -> {
            long start = edges.next(block);
            if (start == 30_000) {
              System.out.println("spilled");
              sleepForEver();
            }
            return start;
          };
      build(Path.of(args[0]), source, 0);
    }

    private static void sleepForEver() {
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Says what was wrong. */
  static final class Whole {
    public static void main(String[] args) {
      try {
        build(Path.of(args[0]), new TestEdges(EDGES, EdgeColumns.NONE), Long.parseLong(args[1]));
        System.out.println("done");
      } catch (BadInputException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private static List<String> java(Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    return command;
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void isSweptAndRepeatedAfterAKill() throws Exception {
    Path out = folder.resolve("graph");
    Process process = start(java(Stuck.class, out));
    assertEquals("spilled", process.inputReader().readLine());
    process.destroyForcibly();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    Path partial = folder.resolve(".graph.partial-" + process.pid());
    assertTrue(Files.size(partial.resolve("edges.sorted.tmp")) > 100_000);
    build(out, new TestEdges(EDGES, EdgeColumns.NONE), 0);
    DatasetInspector.inspect(out, Progress.NONE);
    assertEquals(List.of("graph"), names());
  }

  /** No file may be larger than 64 KiB: neither the temporary one nor, without it, the sources. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1 << 24})
  @Tag("exhaustive")
  void saysInOneLineWhatCouldNotBeWritten(long storeBytes) throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash");
    List<String> command = new ArrayList<>(List.of("/bin/bash", "-c"));
    command.addAll(List.of("ulimit -f 64 && exec \"$@\"", "bash"));
    command.addAll(java(Whole.class, folder.resolve("graph"), storeBytes));
    Process process = start(command);
    String line = process.inputReader().readLine();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertTrue(line.startsWith("cannot write: file=" + folder + "/.graph.partial-"), line);
    assertTrue(line.endsWith("cause=File too large"), line);
    assertTrue(line.contains(storeBytes == 0 ? "writing=temporary edges" : "writing=graph"), line);
    assertEquals(List.of(), names());
  }
}
