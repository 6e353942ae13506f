package io.millrace.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranks that an MPI launcher starts; skipped for one that is not installed. */
@Tag("exhaustive")
class MpiCollectiveTest {
  private static final int LIMIT_SECONDS = 90;

  @TempDir private Path folder;

  private record End(int exitCode, String output) {
    void assertHas(String text) {
      assertTrue(output.contains(text), output);
    }
  }

  private End run(String launcher, int size, String scenario) throws Exception {
    String program = program(launcher);
    List<String> command = new ArrayList<>(List.of(program));
    if (launcher.equals("openmpi")) {
      command.addAll(List.of("--oversubscribe", "--bind-to", "none"));
    }
    command.addAll(List.of("-np", String.valueOf(size)));
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(MpiProgram.class.getName(), scenario));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT", "1");
    builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    if (launcher.equals("mpich")) {
      builder.environment().put("MILLRACE_MPI_LIBRARY", "libmpich.so.12");
    }
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), () -> text(output));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new End(process.exitValue(), text(output));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Debian's names, since both launchers may be installed. */
  private static String program(String launcher) {
    String name = "mpirun." + launcher;
    boolean found =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(it -> Files.isExecutable(Path.of(it, name)));
    assumeTrue(found, name + " is not installed");
    return name;
  }

  @ParameterizedTest
  @CsvSource({"openmpi, 1", "openmpi, 2", "openmpi, 4", "mpich, 2", "mpich, 3"})
  void allOperationsGiveWhatTheyGiveElsewhere(String launcher, int size) throws Exception {
    End end = run(launcher, size, "operations");
    assertEquals(0, end.exitCode, end.output);
    for (int rank = 0; rank < size; rank++) {
      end.assertHas("rank " + rank + " of " + size + " is done");
    }
  }

  @ParameterizedTest
  @CsvSource({"openmpi", "mpich"})
  void exceptionOfARankIsNamedByAllOthers(String launcher) throws Exception {
    End end = run(launcher, 3, "exception");
    assertNotEquals(0, end.exitCode, end.output);
    for (int rank : new int[] {0, 2}) {
      end.assertHas(
          "rank " + rank + " ends: a rank has failed: rank=1, step=17, cause=disk; is full");
    }
  }

  /** The launcher may end the others before they notice. */
  @ParameterizedTest
  @CsvSource({"openmpi", "mpich"})
  void killedRankEndsAll(String launcher) throws Exception {
    End end = run(launcher, 3, "kill");
    assertNotEquals(0, end.exitCode, end.output);
    assertTrue(!end.output.contains("is done"), end.output);
  }

  @ParameterizedTest
  @CsvSource({"openmpi", "mpich"})
  void stoppedRankIsNamedByAllOthers(String launcher) throws Exception {
    End end = run(launcher, 3, "stop");
    assertNotEquals(0, end.exitCode, end.output);
    for (int rank : new int[] {0, 2}) {
      end.assertHas("rank " + rank + " ends: a rank has failed: rank=1, step=17, cause=no sign");
    }
  }

  @ParameterizedTest
  @CsvSource({"openmpi", "mpich"})
  void ranksAtDifferentStepsAreNamed(String launcher) throws Exception {
    End end = run(launcher, 2, "elsewhere");
    assertNotEquals(0, end.exitCode, end.output);
    end.assertHas("cause=ranks do not do the same");
  }
}
