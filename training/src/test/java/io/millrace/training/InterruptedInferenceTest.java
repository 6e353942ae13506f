package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.BadInputException;
import io.millrace.datasets.GraphDataset;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inferences that are interrupted, damaged or shared end with the bytes of an undisturbed one. */
class InterruptedInferenceTest {
  private static final int NUM_NODES = 1000;

  @TempDir private Path folder;
  private Path data;
  private Path model;
  private Path undisturbed;

  @BeforeEach
  void infersUndisturbed() {
    data = folder.resolve("data");
    model = folder.resolve("model");
    undisturbed = folder.resolve("undisturbed");
    SmallGraph graph = TestInference.graphWithHub(2, NUM_NODES);
    try (GraphDataset made = TestInference.dataset(graph)) {
      made.save(data);
    }
    TestInference.model(model, JumpingKnowledge.of(8, 3), TestInference.IN, 3, 2);
    run(undisturbed, Share.WHOLE);
  }

  private void run(Path out, Share share) {
    try (GraphDataset opened = GraphDataset.open(data)) {
      InferenceProcess.run(opened, model, out, share);
    }
  }

  /** Stops it as an exception does, at the given progress. */
  private void runAndStop(Path out, int atProgress) {
    InferenceListener stops =
        new InferenceListener() {
          private int count;

          @Override
          public void progress(String pass, long done, long total) {
            if (++count == atProgress) {
              throw new IllegalStateException("stopped");
            }
          }
        };
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
    Path out = folder.resolve("out");
    for (int i = 0; i < 12; i++) {
      runAndStop(out, 1 + random.nextInt(4));
    }
    run(out, Share.WHOLE);
    assertSameFiles(undisturbed, out);
  }

  @Test
  void rowsThatWereDamagedMeanwhileAreComputedAgain() throws IOException {
    Path out = folder.resolve("out");
    runAndStop(out, 20); // in layer 1
    try (RandomAccessFile state =
        new RandomAccessFile(out.resolve("work/layer-0/state.npy").toFile(), "rw")) {
      state.seek(500);
      state.writeInt(12345);
    }
    run(out, Share.WHOLE);
    assertSameFiles(undisturbed, out);
  }

  @Test
  void leavesNothingBesideTheResults() throws IOException {
    assertEquals(
        "[embeddings.npy, manifest.json, predictions.csv, predictions.npy, scores.npy,"
            + " top_classes.npy, top_probabilities.npy]",
        files(undisturbed).keySet().toString());
    run(undisturbed, Share.WHOLE); // again: nothing happens
    assertFalse(Files.exists(undisturbed.resolve("work")));
  }

  @Test
  void anotherModelIsRefusedRatherThanMixed() {
    Path out = folder.resolve("out");
    runAndStop(out, 20);
    TestInference.model(model, JumpingKnowledge.of(8, 3), TestInference.IN, 3, 77);
    BadInputException e = assertThrows(BadInputException.class, () -> run(out, Share.WHOLE));
    assertTrue(e.getMessage().contains("weights: "), e.getMessage());
    BadInputException finished =
        assertThrows(BadInputException.class, () -> run(undisturbed, Share.WHOLE));
    assertTrue(finished.getMessage().contains("other settings"), finished.getMessage());
  }

  @Test
  void anotherDatasetIsRefusedRatherThanMixed() throws IOException {
    Path out = folder.resolve("out");
    runAndStop(out, 20);
    PassFiles.delete(data);
    try (GraphDataset other = TestInference.dataset(TestInference.graphWithHub(3, NUM_NODES))) {
      other.save(data);
    }
    BadInputException e = assertThrows(BadInputException.class, () -> run(out, Share.WHOLE));
    assertTrue(e.getMessage().contains("fingerprint: "), e.getMessage());
  }

  @Test
  void sharesOneAfterTheOtherGiveTheSameFiles() throws IOException {
    Path out = folder.resolve("out");
    run(out, new Share(1, 2)); // waits a little for the other, then computes its layers too
    assertThrows(BadInputException.class, () -> merge(out));
    run(out, new Share(0, 2));
    merge(out);
    assertSameFiles(undisturbed, out);
  }

  private void merge(Path out) {
    try (GraphDataset opened = GraphDataset.open(data);
        GraphInference inference = InferenceProcess.builder(opened, model).build()) {
      inference.merge(out, InferenceProcess.choice(), InferenceListener.NONE);
    }
  }

  @Test
  void twoProcessesWithSharesGiveTheSameFiles() throws Exception {
    Path out = folder.resolve("out");
    Process first = start(out, new Share(0, 2));
    Process second = start(out, new Share(1, 2));
    assertEnds(first);
    assertEnds(second);
    merge(out);
    assertSameFiles(undisturbed, out);
  }

  @Test
  void goesOnAfterTwoKills() throws Exception {
    goesOnAfterKills(2);
  }

  @Test
  @Tag("exhaustive")
  void goesOnAfterTwentyKills() throws Exception {
    goesOnAfterKills(20);
  }

  private void goesOnAfterKills(int numKills) throws Exception {
    Random random = new Random(3);
    Path out = folder.resolve("out");
    int killed = 0;
    for (int i = 0; i < numKills; i++) {
      Process process = start(out, Share.WHOLE);
      long before = records(out);
      long wanted = before + random.nextInt(3);
      while (process.isAlive() && records(out) <= wanted) {
        Thread.onSpinWait();
      }
      TimeUnit.MICROSECONDS.sleep(random.nextInt(5000));
      killed += process.isAlive() ? 1 : 0;
      process.destroyForcibly().waitFor();
    }
    assertTrue(killed >= Math.min(numKills, 8), "killed only " + killed);
    Process last = start(out, Share.WHOLE);
    assertEnds(last);
    assertSameFiles(undisturbed, out);
  }

  /** Shards that are done. */
  private static long records(Path out) throws IOException {
    if (!Files.exists(out.resolve("work"))) {
      return 0;
    }
    try (Stream<Path> paths = Files.walk(out.resolve("work"))) {
      return paths.filter(it -> it.getFileName().toString().startsWith("shard-")).count();
    } catch (java.io.UncheckedIOException _) { // a file that is being renamed, a folder deleted
      return 0;
    }
  }

  private Process start(Path out, Share share) throws IOException {
    return InferenceProcess.start(data, model, out, share, folder.resolve("log"));
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
