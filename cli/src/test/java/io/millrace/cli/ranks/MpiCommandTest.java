package io.millrace.cli.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cli.CommandRun;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train --collective mpi}; skipped for a launcher that is not installed. */
class MpiCommandTest {
  @TempDir static Path folder;
  private static Path graph;

  @BeforeAll
  static void makeGraph() {
    graph = folder.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 600, "--edges", 3000, "--out", graph, "--quiet");
  }

  private static List<Object> arguments(Object... more) {
    List<Object> all =
        new ArrayList<>(
            List.of("train", graph, "--hidden", 8, "--fanout", "4,3", "--batch-size", 60));
    all.addAll(List.of("--device", "cpu", "--compute-threads", 1, "--workers", 1));
    all.addAll(List.of("--virtual-nodes", 4));
    all.addAll(List.of(more));
    return all;
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

  private static Process start(
      String launcher, int size, Path output, Map<String, String> environment, Object... more)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program(launcher)));
    if (launcher.equals("openmpi")) {
      command.addAll(List.of("--oversubscribe", "--bind-to", "none"));
    }
    command.addAll(List.of("-np", String.valueOf(size)));
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.millrace.cli.Millrace");
    arguments(more).forEach(it -> command.add(it.toString()));
    command.addAll(List.of("--collective", "mpi"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT", "1");
    builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static int await(Process process) throws InterruptedException {
    try {
      assertTrue(process.waitFor(180, TimeUnit.SECONDS), "the launcher does not end");
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Tag("exhaustive")
  @ParameterizedTest
  @CsvSource({"openmpi, 2", "openmpi, 3", "mpich, 2"})
  void ranksOfALauncherSaveTheModelOfOneProcess(String launcher, int size) throws Exception {
    Path alone = folder.resolve("alone-" + launcher + size);
    Path shared = folder.resolve("shared-" + launcher + size);
    Path json = folder.resolve("json-" + launcher + size);
    Path output = folder.resolve("output-" + launcher + size);
    Process process =
        start(launcher, size, output, Map.of(), "--epochs", 2, "--save", shared, "--json", json);
    assertEquals(0, await(process), Files.readString(output));
    List<Object> one = arguments("--epochs", 2, "--save", alone);
    CommandRun.ok(one.toArray());
    assertEquals(
        -1,
        Files.mismatch(alone.resolve("model.safetensors"), shared.resolve("model.safetensors")));
    long results =
        Files.readAllLines(output).stream().filter(it -> it.contains("test accuracy")).count();
    assertEquals(1, results, "only rank 0 prints");
    assertTrue(Files.readString(json).contains("\"ranks\": " + size));
  }

  @Tag("exhaustive")
  @Test
  void ranksOfALauncherThatMayLagSaveTheModelOfThoseOverTcp() throws Exception {
    Path overTcp = folder.resolve("stale-tcp");
    Path overMpi = folder.resolve("stale-mpi");
    Path output = folder.resolve("stale-output");
    Process process =
        start("openmpi", 2, output, Map.of(), "--epochs", 2, "--staleness", 2, "--save", overMpi);
    assertEquals(0, await(process), Files.readString(output));
    List<Object> local = arguments("--epochs", 2, "--staleness", 2, "--save", overTcp);
    local.addAll(List.of("--ranks", 2));
    CommandRun.ok(local.toArray());
    assertEquals(
        -1,
        Files.mismatch(overTcp.resolve("model.safetensors"), overMpi.resolve("model.safetensors")));
  }

  @Tag("exhaustive")
  @Test
  void killedRankEndsAllAndItsTrainingResumes() throws Exception {
    Path saved = folder.resolve("killed");
    Path output = folder.resolve("killed-output");
    Process process = start("openmpi", 3, output, Map.of(), "--epochs", 100_000, "--save", saved);
    Path log = saved.resolve("epochs.csv");
    for (int i = 0; i < 2400 && process.isAlive() && !Files.exists(log); i++) {
      Thread.sleep(50);
    }
    assertTrue(Files.exists(log), Files.readString(output));
    ProcessHandle rank =
        process
            .descendants()
            .filter(it -> it.info().command().filter(name -> name.endsWith("java")).isPresent())
            .findFirst()
            .orElseThrow();
    new ProcessBuilder("kill", "-KILL", String.valueOf(rank.pid())).start().waitFor();
    assertNotEquals(0, await(process), Files.readString(output));
    long done = Files.readAllLines(log).size() - 1; // without the header
    CommandRun.ok("train", graph, "--resume", saved, "--epochs", done + 1);
  }

  /** Otherwise each process would take itself for the only one. */
  @Tag("exhaustive")
  @Test
  void libraryOfAnotherMpiThanTheLaunchersIsRefused() throws Exception {
    program("openmpi");
    Path output = folder.resolve("other-output");
    Process process =
        start("mpich", 2, output, Map.of("MILLRACE_MPI_LIBRARY", "libmpi.so.40"), "--epochs", 1);
    assertNotEquals(0, await(process));
    String text = Files.readString(output);
    assertTrue(text.contains("the MPI library is not that of the launcher"), text);
  }

  @Test
  void mpiNeedsNoListOfRanks() {
    CommandRun.of(arguments("--collective", "mpi", "--ranks", 2).toArray())
        .assertBadInput("the launcher of MPI says which ranks there are", "--ranks=2");
  }
}
