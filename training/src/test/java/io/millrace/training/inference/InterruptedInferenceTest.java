package io.millrace.training.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.inference.chunks.PassFiles;
import io.millrace.training.models.JumpingKnowledge;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inferences that are interrupted, damaged or shared end with the bytes of an undisturbed one. */
class InterruptedInferenceTest {
  private static final int NUM_NODES = 1000;
  private static final int LAST_LAYER = 3;

  @TempDir private static Path shared;
  private static Path data;
  private static Path model;
  private static Path undisturbed;

  @TempDir private Path folder;
  private Path out;

  @BeforeAll
  static void infersUndisturbed() {
    data = dataset(shared.resolve("data"), 2);
    model = model(shared.resolve("model"), 2);
    undisturbed = shared.resolve("undisturbed");
    run(data, model, undisturbed, Shard.WHOLE);
  }

  @BeforeEach
  void namesTheDirectoryOfTheResults() {
    out = folder.resolve("out");
  }

  private static Path dataset(Path path, long seed) {
    try (GraphDataset made = TestInference.dataset(TestInference.graphWithHub(seed, NUM_NODES))) {
      made.save(path);
    }
    return path;
  }

  /** Its layers' rows take 32, 64, 96 and 12 KB. */
  private static Path model(Path path, long seed) {
    TestInference.model(path, JumpingKnowledge.of(8, LAST_LAYER), TestInference.IN, 3, seed);
    return path;
  }

  private static void run(Path data, Path model, Path out, Shard shard) {
    try (GraphDataset opened = GraphDataset.open(data)) {
      InferenceProcess.run(opened, model, out, shard);
    }
  }

  private void run(Shard shard) {
    run(data, model, out, shard);
  }

  /** Stops it as an exception does, at the given progress. */
  private void runAndStop(int atProgress) {
    runAndStop(
        new InferenceListener() {
          private int count;

          @Override
          public void progress(String pass, long done, long total) {
            if (++count == atProgress) {
              throw new IllegalStateException("stopped");
            }
          }
        });
  }

  private void runAndStop(InferenceListener stops) {
    try (GraphDataset opened = GraphDataset.open(data);
        GraphInference inference = InferenceProcess.builder(opened, model).build()) {
      assertThrows(
          IllegalStateException.class,
          () -> inference.run(out, InferenceProcess.choice(), stops),
          "too little to do");
    }
  }

  @Test
  void goesOnAfterBeingStoppedAnywhere() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 5; i++) {
      runAndStop(1 + random.nextInt(4));
    }
    run(Shard.WHOLE);
    assertSameFiles(undisturbed, out);
  }

  @Test
  @Tag("exhaustive")
  void rowsThatWereDamagedMeanwhileAreComputedAgain() throws IOException {
    runAndStop(20); // in layer 1
    damage(0);
    run(Shard.WHOLE);
    assertSameFiles(undisturbed, out);
  }

  @Test
  @Tag("exhaustive")
  void embeddingsThatWereDamagedMeanwhileAreComputedAgain() throws IOException {
    runAndStop(
        new InferenceListener() {
          @Override
          public void passDone(PassReport report) {
            if (report.name().equals("layer " + LAST_LAYER)) {
              throw new IllegalStateException("stopped");
            }
          }
        });
    damage(LAST_LAYER - 1);
    assertThrows(BadInputException.class, this::merge);
    run(Shard.WHOLE);
    assertSameFiles(undisturbed, out);
  }

  /** In a row of the first range. */
  private void damage(int layer) throws IOException {
    Path file = out.resolve("work/layer-" + layer + "/state.npy");
    try (RandomAccessFile state = new RandomAccessFile(file.toFile(), "rw")) {
      state.seek(500);
      state.writeInt(12345);
    }
  }

  @Test
  void leavesNothingBesideTheResults() throws IOException {
    assertEquals(
        "[embeddings.npy, manifest.json, predictions.csv, predictions.npy, scores.npy,"
            + " top_classes.npy, top_probabilities.npy]",
        files(undisturbed).keySet().toString());
    Path work = Files.createDirectory(undisturbed.resolve("work")); // as a kill may leave it
    run(data, model, undisturbed, Shard.WHOLE); // again: nothing happens
    assertFalse(Files.exists(work));
  }

  @Test
  void anotherModelIsRefusedRatherThanMixed() {
    runAndStop(20);
    Path other = model(folder.resolve("other"), 77);
    BadInputException e =
        assertThrows(BadInputException.class, () -> run(data, other, out, Shard.WHOLE));
    assertTrue(e.getMessage().contains("weights: "), e.getMessage());
    BadInputException finished =
        assertThrows(BadInputException.class, () -> run(data, other, undisturbed, Shard.WHOLE));
    assertTrue(finished.getMessage().contains("other settings"), finished.getMessage());
  }

  @Test
  void anotherDatasetIsRefusedRatherThanMixed() {
    runAndStop(20);
    Path other = dataset(folder.resolve("other"), 3);
    BadInputException e =
        assertThrows(BadInputException.class, () -> run(other, model, out, Shard.WHOLE));
    assertTrue(e.getMessage().contains("fingerprint: "), e.getMessage());
  }

  @Test
  @Tag("exhaustive")
  void goesOnOnceThereIsRoomOnTheDisk() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash");
    Path log = folder.resolve("log");
    Process process = InferenceProcess.startLimited(40, data, model, out, log);
    assertTrue(process.waitFor(2, TimeUnit.MINUTES));
    String said = Files.readString(log);
    assertNotEquals(0, process.exitValue(), said);
    assertTrue(said.contains("cannot write: file=" + out.resolve("work/layer-1/state.npy")), said);
    assertTrue(said.contains("cause=File too large"), said);
    assertTrue(Files.exists(out.resolve("work/layer-0/shard-00000")), "what was done stays");
    run(Shard.WHOLE);
    assertSameFiles(undisturbed, out);
  }

  @Test
  @Tag("exhaustive")
  void shardsOneAfterTheOtherGiveTheSameFiles() throws IOException {
    run(new Shard(1, 2)); // waits a little for the other, then computes its layers too
    assertThrows(BadInputException.class, this::merge);
    run(new Shard(0, 2));
    merge();
    assertSameFiles(undisturbed, out);
  }

  /** As after a power cut, which can leave records of rows that were never written. */
  @Test
  @Tag("exhaustive")
  void rowsOfAnotherShardThatWereDamagedAreNotUsed() throws IOException {
    run(new Shard(1, 2)); // the other's layers too, but for the last
    damage(0); // of the other
    for (int layer = 1; layer <= LAST_LAYER; layer++) {
      PassFiles.delete(out.resolve("work/layer-" + layer));
    }
    run(new Shard(1, 2));
    run(new Shard(0, 2));
    merge();
    assertSameFiles(undisturbed, out);
  }

  private void merge() {
    try (GraphDataset opened = GraphDataset.open(data);
        GraphInference inference = InferenceProcess.builder(opened, model).build()) {
      inference.merge(out, InferenceProcess.choice(), InferenceListener.NONE);
    }
  }

  @Test
  @Tag("exhaustive")
  void twoProcessesWithShardsGiveTheSameFiles() throws Exception {
    Process other = start(new Shard(0, 2));
    run(new Shard(1, 2));
    assertEnds(other);
    merge();
    assertSameFiles(undisturbed, out);
  }

  @Test
  @Tag("exhaustive")
  void goesOnAfterAKill() throws Exception {
    kill(1);
    run(Shard.WHOLE);
    assertSameFiles(undisturbed, out);
  }

  @Test
  @Tag("exhaustive")
  void goesOnAfterManyKills() throws Exception {
    int kills = Integer.getInteger("kills", 10);
    int killed = kill(kills);
    assertTrue(killed >= kills * 2 / 5, "killed only " + killed);
    assertEnds(start(Shard.WHOLE));
    assertSameFiles(undisturbed, out);
  }

  /** How many of so many processes were still at work when they were killed. */
  private int kill(int numProcesses) throws Exception {
    Random random = new Random(3);
    int killed = 0;
    for (int i = 0; i < numProcesses; i++) {
      Process process = start(Shard.WHOLE);
      long wanted = records(out) + random.nextInt(3);
      while (process.isAlive() && records(out) <= wanted) {
        Thread.sleep(1);
      }
      TimeUnit.MICROSECONDS.sleep(random.nextInt(5000));
      killed += process.isAlive() ? 1 : 0;
      process.destroyForcibly().waitFor();
    }
    return killed;
  }

  /** Shards that are done. */
  private static long records(Path out) {
    try (Stream<Path> paths = Files.walk(out.resolve("work"))) {
      return paths.filter(it -> it.getFileName().toString().startsWith("shard-")).count();
    } catch (IOException | UncheckedIOException _) { // not made yet, being renamed, or deleted
      return 0;
    }
  }

  private Process start(Shard shard) throws IOException {
    return InferenceProcess.start(data, model, out, shard, folder.resolve("log"));
  }

  private void assertEnds(Process process) throws Exception {
    assertTrue(process.waitFor(2, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue(), Files.readString(folder.resolve("log")));
  }

  private static TreeMap<String, byte[]> files(Path out) throws IOException {
    TreeMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(out)) {
      for (Path path : paths.toList()) {
        files.put(path.getFileName().toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }

  private static void assertSameFiles(Path expected, Path found) throws IOException {
    TreeMap<String, byte[]> files = files(expected);
    TreeMap<String, byte[]> others = files(found);
    assertEquals(files.keySet(), others.keySet());
    files.forEach((name, bytes) -> assertArrayEquals(bytes, others.get(name), name));
  }
}
