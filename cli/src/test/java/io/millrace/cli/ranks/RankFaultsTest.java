package io.millrace.cli.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cli.CommandRun;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to a shared training when a process, a disk or the network fails. Disks and networks
 * are made in namespaces of their own; without the rights for that, their tests are skipped. It
 * takes minutes, so it runs by hand: {@code mvn -B test -pl cli -am -Pexhaustive
 * -Dtest=RankFaultsTest -Dmillrace.test.kills=100}.
 */
@Tag("exhaustive")
@EnabledIfSystemProperty(
    named = "millrace.test.kills",
    matches = "\\d+",
    disabledReason = "runs by hand: -Dmillrace.test.kills=N")
class RankFaultsTest {
  private static final int NUM_KILLS = Integer.getInteger("millrace.test.kills", 4);

  private static final int LIMIT_SECONDS = 300;

  @TempDir static Path folder;
  private static Path graph;

  @BeforeAll
  static void makeGraph() {
    graph = folder.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 600, "--edges", 3000, "--out", graph, "--quiet");
  }

  private static List<String> arguments(Object... more) {
    List<Object> all =
        new ArrayList<>(
            List.of("train", graph, "--hidden", 8, "--fanout", "4,3", "--batch-size", 60));
    all.addAll(List.of("--device", "cpu", "--compute-threads", 1, "--workers", 1));
    all.addAll(List.of("--virtual-nodes", 4, "--checkpoint-every", 3, "--rank-timeout", 30));
    all.addAll(List.of(more));
    return all.stream().map(Object::toString).toList();
  }

  /** The command line of a process of its own. */
  private static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.millrace.cli.Millrace");
    command.addAll(arguments);
    return command;
  }

  private static String quoted(List<String> command) {
    return command.stream().map(it -> "'" + it + "'").collect(Collectors.joining(" "));
  }

  private static void assertSameModel(Path saved, int numEpochs) throws IOException {
    Path alone = folder.resolve("alone-" + saved.getFileName());
    CommandRun.ok(arguments("--epochs", numEpochs, "--save", alone).toArray());
    assertEquals(
        -1, Files.mismatch(alone.resolve("model.safetensors"), saved.resolve("model.safetensors")));
  }

  private static int epochs(Path saved) throws IOException {
    return Files.readAllLines(saved.resolve("epochs.csv")).size() - 1; // without the header
  }

  // ---- kill -9 of any process at any time ----

  @Test
  void trainingThatIsKilledAgainAndAgainComesToTheWeightsOfOneProcess() throws Exception {
    Path saved = folder.resolve("killed");
    Random random = new Random(7);
    for (int kill = 0; kill < NUM_KILLS; kill++) {
      killed(saved, kill == 0 ? "--save" : "--resume", 2 + random.nextInt(3), random);
      System.out.println("kill " + (kill + 1) + " of " + NUM_KILLS + " is survived");
    }
    int done = epochs(saved) + 1;
    CommandRun.ok(arguments("--epochs", done, "--resume", saved, "--ranks", 2).toArray());
    assertSameModel(saved, done);
  }

  private static void killed(Path saved, String option, int size, Random random) throws Exception {
    Path output = folder.resolve("killed-output");
    Process first =
        new ProcessBuilder(command(arguments("--epochs", 100_000, option, saved, "--ranks", size)))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      awaitProgress(first, saved.resolve("checkpoint.safetensors"), output);
      Thread.sleep(random.nextInt(300));
      List<ProcessHandle> all = new ArrayList<>(first.descendants().toList());
      assertEquals(size - 1, all.size(), Files.readString(output));
      all.add(first.toHandle());
      int victim = random.nextInt(size);
      all.get(victim).destroyForcibly();
      for (ProcessHandle it : all) {
        it.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      }
      if (victim < size - 1) { // another than rank 0
        String last = Files.readAllLines(output).getLast();
        assertEquals(1, first.exitValue(), last);
        assertTrue(last.startsWith("millrace: a rank has failed: rank="), last);
      }
    } finally {
      first.descendants().forEach(ProcessHandle::destroyForcibly);
      first.destroyForcibly();
    }
  }

  private static void awaitProgress(Process process, Path checkpoint, Path output)
      throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    Object before = stamp(checkpoint);
    while (process.isAlive() && before.equals(stamp(checkpoint)) && System.nanoTime() < until) {
      Thread.sleep(10);
    }
    assertTrue(process.isAlive(), Files.readString(output));
  }

  private static Object stamp(Path file) throws IOException {
    return Files.exists(file) ? Files.getLastModifiedTime(file) : "none";
  }

  // ---- faults that need namespaces ----

  private String shell(String unshare, String script) throws Exception {
    boolean allowed;
    try {
      allowed = new ProcessBuilder("unshare", unshare, "true").start().waitFor() == 0;
    } catch (IOException e) {
      allowed = false;
    }
    assumeTrue(allowed, "needs root and unshare " + unshare);
    Path output = Files.createTempFile(folder, "shell", "");
    Process process =
        new ProcessBuilder("unshare", unshare, "sh", "-ec", script)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), () -> text(output));
      assertEquals(0, process.exitValue(), text(output));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return text(output);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void fullDiskOfRank0EndsAllAndTheTrainingResumes() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path saved = disk.resolve("saved");
    Path copy = folder.resolve("copy");
    List<String> train = arguments("--epochs", 100_000, "--save", saved, "--ranks", 2);
    String output =
        shell(
            "-m",
            """
            mount -t tmpfs -o size=4m none '%1$s'
            %2$s & rank=$!
            while kill -0 $rank && ! [ -e '%3$s/epochs.csv' ]; do sleep .1; done 2>/dev/null
            dd if=/dev/zero of='%1$s/full' bs=4k 2>/dev/null || true
            code=0; wait $rank || code=$?
            echo "code=$code"
            rm '%1$s/full'
            cp -r '%3$s' '%4$s'
            """
                .formatted(disk, quoted(command(train)), saved, copy));
    assertTrue(output.contains("code=2"), output);
    String last = output.lines().filter(it -> it.startsWith("millrace: ")).toList().getLast();
    assertTrue(last.contains("No space left on device"), output);
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(copy)) {
      files.forEach(it -> names.add(it.getFileName().toString()));
    }
    assertTrue(names.stream().noneMatch(it -> it.contains("tmp")), names.toString());
    int done = epochs(copy) + 1;
    CommandRun.ok("train", graph, "--resume", copy, "--epochs", done);
    assertSameModel(copy, done);
  }

  @Test
  void cutWireIsNamedOnBothSides() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "as long as sixteen bytes\n");
    Path saved = folder.resolve("cut");
    List<String> common = new ArrayList<>(List.of("--hosts", "10.7.0.1:7000,10.7.0.2:7000"));
    common.addAll(List.of("--secret-file", secret.toString(), "--epochs", "100000"));
    List<String> first = new ArrayList<>(arguments("--rank", 0, "--save", saved));
    List<String> second =
        new ArrayList<>(arguments("--rank", 1, "--save", folder.resolve("never")));
    first.addAll(common);
    second.addAll(common);
    Path otherOutput = folder.resolve("cut-output");
    String output =
        shell(
            "-n",
            """
            command -v ip > /dev/null || { echo SKIPPED; exit 0; }
            unshare -n sleep 600 & there=$!
            sleep 1
            ip link add here type veth peer name there netns $there
            ip addr add 10.7.0.1/24 dev here; ip link set here up; ip link set lo up
            nsenter -t $there -n sh -ec 'ip addr add 10.7.0.2/24 dev there; ip link set there up'
            nsenter -t $there -n %1$s > '%2$s' 2>&1 & rank1=$!
            %3$s & rank0=$!
            while kill -0 $rank0 && ! [ -e '%4$s/epochs.csv' ]; do sleep .1; done 2>/dev/null
            ip link set here down
            code=0; wait $rank0 || code=$?; echo "code0=$code"
            code=0; wait $rank1 || code=$?; echo "code1=$code"
            kill $there
            """
                .formatted(quoted(command(second)), otherOutput, quoted(command(first)), saved));
    assumeTrue(!output.contains("SKIPPED"), "needs ip of iproute2");
    assertTrue(output.contains("code0=1") && output.contains("code1=1"), output);
    assertTrue(output.contains("a rank has failed: rank=1, step="), output);
    String other = text(otherOutput);
    assertTrue(other.contains("a rank has failed: rank=0, step="), other);
    int done = epochs(saved) + 1;
    CommandRun.ok("train", graph, "--resume", saved, "--epochs", done);
    assertSameModel(saved, done);
  }
}
