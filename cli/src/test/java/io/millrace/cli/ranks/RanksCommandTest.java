package io.millrace.cli.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.cli.CommandRun;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train} with several processes. */
class RanksCommandTest {
  @TempDir static Path folder;
  private static Path graph;

  @BeforeAll
  static void makeGraph() {
    graph = folder.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 600, "--edges", 3000, "--out", graph, "--quiet");
  }

  private static Object[] arguments(Object... more) {
    List<Object> all =
        new ArrayList<>(
            List.of("train", graph, "--hidden", 8, "--fanout", "4,3", "--batch-size", 60));
    all.addAll(List.of("--device", "cpu", "--compute-threads", 1, "--workers", 1));
    all.addAll(List.of(more));
    return all.toArray();
  }

  private static long mismatch(Path one, Path other) throws IOException {
    return Files.mismatch(one.resolve("model.safetensors"), other.resolve("model.safetensors"));
  }

  @Tag("exhaustive")
  @Test
  void twoProcessesSaveTheModelOfOneAndThreeResumeIt() throws IOException {
    Path alone = folder.resolve("alone");
    Path shared = folder.resolve("shared");
    Path json = folder.resolve("shared.json");
    CommandRun.ok(arguments("--epochs", 4, "--virtual-nodes", 4, "--save", alone));
    CommandRun run =
        CommandRun.ok(
            arguments(
                "--epochs",
                2,
                "--virtual-nodes",
                4,
                "--ranks",
                2,
                "--save",
                shared,
                "--json",
                json));
    assertTrue(
        run.err().contains("ranks: 2, virtual nodes: 4, batch size: 60 (30.0 per rank)"),
        run.err());
    JsonObject ranks =
        JsonParser.parseString(Files.readString(json)).getAsJsonObject().getAsJsonObject("ranks");
    assertEquals(2, ranks.get("ranks").getAsInt());
    assertEquals(30, ranks.get("batch_size_per_rank").getAsDouble());
    assertTrue(ranks.get("bytes_sent").getAsLong() > 0);
    CommandRun.ok("train", graph, "--resume", shared, "--ranks", 3, "--epochs", 4);
    assertEquals(-1, mismatch(alone, shared));
  }

  @Tag("exhaustive")
  @Test
  void batchSizePerRankIsThatOfAllDividedByTheirNumber() throws IOException {
    Path shared = folder.resolve("per-rank");
    Path alone = folder.resolve("together");
    CommandRun.ok(
        "train",
        graph,
        "--hidden",
        8,
        "--fanout",
        "4,3",
        "--batch-size-per-rank",
        30,
        "--ranks",
        2,
        "--epochs",
        1,
        "--device",
        "cpu",
        "--compute-threads",
        1,
        "--save",
        shared);
    CommandRun.ok(arguments("--epochs", 1, "--virtual-nodes", 2, "--save", alone));
    assertEquals(-1, mismatch(alone, shared));
  }

  /** Runs a training of two processes, and does something to the second while it trains. */
  private static CommandRun disturbed(String signal) throws Exception {
    Path saved = folder.resolve("disturbed" + signal);
    List<ProcessHandle> before = children().toList();
    CompletableFuture<CommandRun> run =
        start(arguments("--epochs", 100_000, "--ranks", 2, "--save", saved, "--rank-timeout", 3));
    Path log = saved.resolve("epochs.csv");
    while (!run.isDone() && !Files.exists(log)) {
      Thread.sleep(50);
    }
    ProcessHandle child = children().filter(it -> !before.contains(it)).findFirst().orElseThrow();
    new ProcessBuilder("kill", signal, String.valueOf(child.pid())).start().waitFor();
    CommandRun end = run.get(120, TimeUnit.SECONDS);
    assertTrue(!child.isAlive() || child.onExit().get(20, TimeUnit.SECONDS) != null);
    long done = Files.readAllLines(log).size() - 1; // without the header
    CommandRun.ok("train", graph, "--resume", saved, "--epochs", done + 1);
    return end;
  }

  /**
   * The processes with a Java that this one has started. Their arguments may be too long to see.
   */
  private static Stream<ProcessHandle> children() {
    return ProcessHandle.current()
        .children()
        .filter(it -> it.info().command().filter(name -> name.endsWith("java")).isPresent());
  }

  private static void assertNames(CommandRun run, String cause) {
    assertEquals(1, run.exitCode(), run.toString());
    String last = run.err().lines().toList().getLast();
    assertTrue(last.startsWith("millrace: a rank has failed: rank=1, step="), last);
    assertTrue(last.endsWith(cause), last);
  }

  @Tag("exhaustive")
  @Test
  void killedProcessIsNamedWithItsStep() throws Exception {
    CommandRun run = disturbed("-KILL");
    assertEquals(1, run.exitCode(), run.toString());
    String last = run.err().lines().toList().getLast();
    assertTrue(last.startsWith("millrace: a rank has failed: rank=1, step="), last);
  }

  @Tag("exhaustive")
  @Test
  void stoppedProcessIsNamedWithinTheTimeout() throws Exception {
    assertNames(disturbed("-STOP"), "cause=no sign of life for 3000 ms, it may hang or be cut off");
  }

  /** Runs the command on a thread of its own. */
  private static CompletableFuture<CommandRun> start(Object[] arguments) {
    return CompletableFuture.supplyAsync(
        () -> CommandRun.of(arguments), task -> Thread.ofPlatform().daemon().start(task));
  }

  private static List<Integer> freePorts(int number) throws IOException {
    List<ServerSocket> open = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      open.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    List<Integer> ports = open.stream().map(ServerSocket::getLocalPort).toList();
    for (ServerSocket it : open) {
      it.close();
    }
    return ports;
  }

  /** What two machines would do. */
  private static List<CommandRun> onHosts(Object[] first, Object[] second) throws Exception {
    List<Integer> ports = freePorts(2);
    String hosts = "127.0.0.1:%d,127.0.0.1:%d".formatted(ports.get(0), ports.get(1));
    Path secret = Files.writeString(folder.resolve("secret"), "as long as sixteen bytes\n");
    List<CompletableFuture<CommandRun>> runs = new ArrayList<>();
    for (int rank = 0; rank < 2; rank++) {
      List<Object> own =
          new ArrayList<>(List.of("--hosts", hosts, "--rank", rank, "--secret-file", secret));
      own.addAll(List.of(rank == 0 ? first : second));
      Object[] all = arguments(own.toArray());
      runs.add(start(all));
    }
    List<CommandRun> ends = new ArrayList<>();
    for (CompletableFuture<CommandRun> run : runs) {
      ends.add(run.get(120, TimeUnit.SECONDS));
    }
    return ends;
  }

  @Tag("exhaustive")
  @Test
  void hostsTrainTogetherAndOnlyTheFirstWrites() throws Exception {
    Path here = folder.resolve("host-0");
    Path there = folder.resolve("host-1");
    Path alone = folder.resolve("no-host");
    List<CommandRun> runs =
        onHosts(
            new Object[] {"--epochs", 2, "--virtual-nodes", 3, "--save", here},
            new Object[] {"--epochs", 2, "--virtual-nodes", 3, "--save", there});
    runs.forEach(run -> assertEquals(0, run.exitCode(), run.toString()));
    CommandRun.ok(arguments("--epochs", 2, "--virtual-nodes", 3, "--save", alone));
    assertEquals(-1, mismatch(alone, here));
    assertTrue(Files.notExists(there), "only rank 0 writes");
  }

  /** Makes a key with a certificate that both ranks trust, as keytool does. */
  private static Path keystore(Path password) throws Exception {
    Path store = folder.resolve("keys.p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keystore",
            store.toString(),
            "-storepass:file",
            password.toString(),
            "-alias",
            "ranks",
            "-keyalg",
            "EC",
            "-dname",
            "CN=ranks");
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    // its own certificate, as one that is trusted
    KeyStore keys = KeyStore.getInstance(store.toFile(), "a password".toCharArray());
    keys.setCertificateEntry("trusted", keys.getCertificate("ranks"));
    try (OutputStream out = Files.newOutputStream(store)) {
      keys.store(out, "a password".toCharArray());
    }
    return store;
  }

  @Tag("exhaustive")
  @Test
  void hostsTrainOverTlsAndRefuseWhoSpeaksPlainly() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "a password\n");
    Path store = keystore(password);
    Path here = folder.resolve("tls");
    Path parts = folder.resolve("tls-parts");
    CommandRun.ok("partition", graph, "--parts", 2, "--out", parts);
    Object[] options = {
      "--epochs",
      1,
      "--save",
      here,
      "--partition",
      parts,
      "--tls-keystore",
      store,
      "--tls-password-file",
      password
    };
    onHosts(options, options).forEach(run -> assertEquals(0, run.exitCode(), run.toString()));
    Path alone = folder.resolve("no-tls");
    CommandRun.ok(arguments("--epochs", 1, "--virtual-nodes", 2, "--save", alone));
    assertEquals(-1, mismatch(alone, here));
    Object[] other = {
      "--epochs",
      1,
      "--save",
      folder.resolve("t"),
      "--tls-keystore",
      store,
      "--tls-password-file",
      password
    };
    for (CommandRun run : onHosts(other, new Object[] {"--epochs", 1})) {
      assertEquals(1, run.exitCode(), run.toString());
      assertTrue(run.err().contains("a rank has failed: rank="), run.err());
    }
  }

  @Tag("exhaustive")
  @Test
  void unequalOptionsAreNamedOnAllHosts() throws Exception {
    for (CommandRun run :
        onHosts(new Object[] {"--epochs", 2}, new Object[] {"--epochs", 2, "--lr", 0.5})) {
      run.assertEndsInBadInput("all ranks need the same optimizer", "rank 1=");
    }
  }

  @Test
  void rejectsOptionsThatDoNotBelongTogether() {
    CommandRun.of(arguments("--ranks", 0)).assertBadInput("--ranks must be positive");
    CommandRun.of(arguments("--hosts", "a:1,b:2"))
        .assertBadInput("--hosts, --rank and --secret-file belong together");
    CommandRun.of(arguments("--rank", 1)).assertBadInput("belong together");
    CommandRun.of("train", graph, "--batch-size-per-rank", 5)
        .assertBadInput("--batch-size-per-rank needs --ranks, --hosts or --collective mpi");
    CommandRun.of(arguments("--hosts", "a:1", "--ranks", 2, "--rank", 0, "--secret-file", "s"))
        .assertBadInput("ranks are on this machine or on given ones");
    CommandRun.of(arguments("--ranks", 2, "--tls-keystore", "k", "--tls-password-file", "p"))
        .assertBadInput("--tls-keystore needs --hosts");
    CommandRun.of("train", graph, "--ranks", 4, "--batch-size-per-rank", 1 << 29)
        .assertBadInput("the batch of all ranks must have fewer than 2^31 seeds");
  }

  @Test
  void passesOnWhatIsNotThisProcessesOwn() {
    assertEquals(
        List.of("train", "g", "--lr=1", "--quiet"),
        LocalRanks.passedOn(
            List.of("train", "g", "--json", "f", "--quiet", "--lr=1", "--trace=t")));
  }
}
