package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.draw.Draw;
import io.millrace.training.files.TensorFile;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.optim.Optimizer;
import io.millrace.training.torch.TorchEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that a training goes on from: what it refuses, and what becomes of it in trouble. */
class CheckpointTest {
  @TempDir private Path folder;
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  private TrainerBuilder builder(GraphDataset dataset) {
    return GraphTrainer.builder(dataset).model(Mlp.of(4, 2)).batchSize(100).computeThreads(1);
  }

  private Path saved() {
    try (GraphTrainer trainer = builder(data).build()) {
      trainer.epoch();
      trainer.saveCheckpoint(folder);
    }
    return folder.resolve("checkpoint.safetensors");
  }

  @Test
  void aCheckpointOfAnotherTrainingIsRefusedWithBothNamed() {
    Path file = saved();
    Map<String, TrainerBuilder> others = new LinkedHashMap<>();
    others.put("model: now=Mlp[layers=Layers[hidden=5, ", builder(data).model(Mlp.of(5, 2)));
    others.put("model: now=GraphSage[", builder(data).model(GraphSage.of(4, 2)));
    others.put("batchSize: now=99, checkpoint=100", builder(data).batchSize(99));
    others.put("seed: now=1, checkpoint=0", builder(data).seed(1));
    others.put("virtualNodes: now=2, checkpoint=1", builder(data).virtualNodes(2));
    others.put("draw: now=labor, checkpoint=uniform", builder(data).draw(Draw.labor()));
    others.put("optimizer: now=OptimizerSettings[", builder(data).optimizer(Optimizer.adamW()));
    others.forEach(
        (words, builder) -> {
          BadInputException e =
              assertThrows(
                  BadInputException.class, () -> builder.resumeFrom(folder).build(), words);
          assertTrue(
              e.getMessage().startsWith("checkpoint is of another " + words), e.getMessage());
          assertTrue(e.getMessage().contains(", checkpoint="), e.getMessage());
          assertTrue(e.getMessage().endsWith(", file=" + file), e.getMessage());
        });
  }

  @Test
  void aCheckpointOfAnotherDrawIsRefusedByATrainingThatDrawsUniformly() {
    try (GraphTrainer trainer = builder(data).draw(Draw.withReplacement()).build()) {
      trainer.epoch();
      trainer.saveCheckpoint(folder);
    }
    BadInputException e =
        assertThrows(BadInputException.class, () -> builder(data).resumeFrom(folder).build());
    assertTrue(
        e.getMessage().startsWith("checkpoint is of another draw: now=uniform, checkpoint=replace"),
        e.getMessage());
  }

  @Test
  void aCheckpointOfAnotherDatasetIsRefusedWithBothNamed() {
    saved();
    GraphDataset.Builder changed =
        GraphDataset.builder("other", data.graph()).features(data.features()).labels(data.labels());
    for (var split : io.millrace.datasets.Split.values()) {
      changed.split(split, Arrays.stream(data.nodes(split)).skip(1).toArray());
    }
    try (GraphDataset other = changed.build()) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> builder(other).resumeFrom(folder).build());
      String expected =
          "checkpoint is of another dataset: now=other %s, checkpoint=planted %s, file="
              .formatted(other.fingerprint(), data.fingerprint());
      assertTrue(e.getMessage().startsWith(expected), e.getMessage());
    }
  }

  @Test
  void damageAndTruncationAreToldInOneLine() throws IOException {
    Path file = saved();
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 0; at < bytes.length; at += 97) {
      byte[] changed = bytes.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertRefused("byte " + at);
      Files.write(file, Arrays.copyOf(bytes, at));
      assertRefused("length " + at);
    }
    Files.write(file, bytes);
    builder(data).resumeFrom(folder).build().close();
  }

  private void assertRefused(String what) {
    BadInputException e =
        assertThrows(BadInputException.class, () -> Checkpoint.read(folder), what);
    assertTrue(e.getMessage().contains("file=" + folder), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }

  @Test
  void aDescriptionThatWeHaveNotWrittenIsRefused() {
    TensorFile stored =
        new TensorFile("checkpoint", "checkpoint.safetensors", "millrace-checkpoint");
    for (String text :
        new String[] {
          "",
          "null",
          "[]",
          "{}",
          "x",
          "{\"settings\":{\"a\":null}}",
          "{\"settings\":{}}",
          "{\"settings\":{},\"progress\":{}}",
          "{\"settings\":{},\"progress\":{\"finished\":[null]}}"
        }) {
      try (NDManager manager = TorchEngine.newManager();
          NDList none = new NDList(manager.create(1f))) {
        none.head().setName("weights/w");
        stored.write(folder, none, text);
      }
      assertRefused(text);
    }
  }

  @Test
  void aFailedWriteIsReportedInOneLineAndTheFormerCheckpointIsStillThere() throws IOException {
    Path file = saved();
    byte[] former = Files.readAllBytes(file);
    try (GraphTrainer trainer = builder(data).resumeFrom(folder).build()) {
      trainer.epoch();
      Thread.currentThread().interrupt(); // which makes a channel refuse to write
      BadInputException e =
          assertThrows(BadInputException.class, () -> trainer.saveCheckpoint(folder));
      assertTrue(Thread.interrupted());
      assertTrue(
          e.getMessage().startsWith("checkpoint cannot be saved: file=" + file), e.getMessage());
      assertTrue(e.getMessage().contains("ClosedByInterruptException"), e.getMessage());
      assertArrayEquals(former, Files.readAllBytes(file));
      try (Stream<Path> files = Files.list(folder)) {
        assertEquals(List.of(), files.filter(f -> f.toString().contains(".partial")).toList());
      }
    }
  }

  @Test
  void checkpointsWithinAnEpochNeedADirectory() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> builder(data).checkpointEvery(5).build());
    assertEquals("checkpoints need a directory to be saved to: checkpointEvery=5", e.getMessage());
  }
}
