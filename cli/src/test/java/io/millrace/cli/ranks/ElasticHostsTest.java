package io.millrace.cli.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cli.CommandRun;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are started as on machines of their own, some of which fail, leave or join. */
@Tag("exhaustive")
class ElasticHostsTest {
  private static final long LIMIT_SECONDS = 300;

  @TempDir private Path folder;
  private final List<Process> hosts = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();

  @BeforeEach
  void makeGraphAndPorts() throws IOException {
    CommandRun.ok(
        "generate", "planted", "--nodes", 600, "--edges", 3000, "--out", graph(), "--quiet");
    Files.writeString(folder.resolve("secret"), "as long as sixteen bytes\n");
    List<ServerSocket> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      open.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      ports.add(open.getLast().getLocalPort());
    }
    for (ServerSocket it : open) {
      it.close();
    }
  }

  @AfterEach
  void endAll() {
    hosts.forEach(Process::destroyForcibly);
  }

  private Path graph() {
    return folder.resolve("graph");
  }

  private List<String> arguments(Object... more) {
    List<Object> all = new ArrayList<>(List.of("train", graph(), "--epochs", 60, "--hidden", 8));
    all.addAll(List.of("--fanout", "4,3", "--batch-size", 60, "--virtual-nodes", 4));
    all.addAll(List.of("--device", "cpu", "--compute-threads", 1, "--workers", 1));
    all.addAll(List.of(more));
    return all.stream().map(Object::toString).toList();
  }

  private String list(int... which) {
    List<String> list = new ArrayList<>();
    for (int host : which) {
      list.add("127.0.0.1:" + ports.get(host));
    }
    return String.join(",", list);
  }

  private Path saved(int host) {
    return folder.resolve("saved-" + host);
  }

  /** Starts the same command on a machine that has a directory of its own. */
  private void start(int host, String list, int rank, String save, Object... more)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.millrace.cli.Millrace");
    command.addAll(arguments("--hosts", list, "--rank", rank, save, saved(host)));
    command.addAll(List.of("--secret-file", folder.resolve("secret").toString()));
    for (Object it : more) {
      command.add(it.toString());
    }
    hosts.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output(host).toFile())
            .start());
  }

  private Path output(int host) {
    return folder.resolve("output-" + host);
  }

  private long epochs() {
    try {
      Path log = saved(0).resolve("epochs.csv");
      return Files.exists(log) ? Files.readAllLines(log).size() - 1 : 0;
    } catch (IOException e) {
      return 0; // it is being replaced
    }
  }

  private void awaitEpoch(long number) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (hosts.getFirst().isAlive() && epochs() < number && System.nanoTime() < until) {
      Thread.sleep(20);
    }
    assertTrue(epochs() >= number && hosts.getFirst().isAlive(), outputs());
  }

  private void assertEnds(int host) throws Exception {
    assertTrue(hosts.get(host).waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), outputs());
    assertEquals(0, hosts.get(host).exitValue(), outputs());
  }

  private String outputs() throws IOException {
    List<String> all = new ArrayList<>();
    for (int host = 0; host < hosts.size(); host++) {
      all.add(host + ": " + Files.readString(output(host)));
    }
    return all.stream().collect(Collectors.joining("\n"));
  }

  private void assertWeightsOfOneProcess() throws IOException {
    Path alone = folder.resolve("alone");
    CommandRun.ok(arguments("--save", alone).toArray());
    assertEquals(
        -1,
        Files.mismatch(alone.resolve("model.safetensors"), saved(0).resolve("model.safetensors")));
    for (int host = 1; host < hosts.size(); host++) {
      assertTrue(Files.notExists(saved(host)), "only rank 0 writes");
    }
  }

  @Test
  void killedHostIsLeftOutAndTheOthersComeToTheSameWeights() throws Exception {
    for (int host = 0; host < 3; host++) {
      start(host, list(0, 1, 2), host, "--save", "--restarts", 1);
    }
    awaitEpoch(2);
    hosts.get(1).destroyForcibly();
    assertEnds(0);
    assertEnds(2);
    for (int host : new int[] {0, 2}) {
      String text = Files.readString(output(host));
      assertTrue(text.contains("a rank has failed: rank=1, step="), text);
      assertTrue(text.contains("goes on without it from the last checkpoint"), text);
    }
    assertWeightsOfOneProcess();
  }

  @Test
  void listedHostsLeaveAndJoinWithTheSameWeights() throws Exception {
    Path file = folder.resolve("resize");
    start(0, list(0, 1), 0, "--save", "--resize-file", file);
    start(1, list(0, 1), 1, "--save", "--resize-file", file);
    awaitEpoch(2);
    start(2, list(0, 2), 1, "--resume", "--resize-file", file);
    Files.writeString(file, list(0, 2).replace(',', '\n') + "\n");
    assertEnds(1);
    assertTrue(
        Files.readString(output(1)).contains("the training goes on without this rank"), outputs());
    assertEnds(0);
    assertEnds(2);
    assertWeightsOfOneProcess();
  }
}
