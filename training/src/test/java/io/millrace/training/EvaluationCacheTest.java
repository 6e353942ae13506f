package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import io.millrace.transfer.PipelineSettings;
import io.millrace.transfer.trace.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationCacheTest {
  private static final int NUM_BATCHES = 10; // 400 validation nodes
  private static final int EPOCHS = 3;

  @TempDir private Path folder;

  private static TrainerBuilder builder(GraphDataset data, long bytes) {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(4, 2))
        .fanout(3, 2)
        .batchSize(40)
        .pipeline(PipelineSettings.defaults().workers(2))
        .computeThreads(1)
        .evaluationCache(bytes);
  }

  private static long sampled(GraphTrainer trainer) {
    return trainer.trace().metrics().total(Stage.SAMPLE).count();
  }

  /** Bytes that all validation batches take. */
  private static long allBytes(GraphDataset data) {
    try (GraphTrainer trainer = builder(data, 1 << 30).build()) {
      trainer.evaluate(Split.VALID);
      return trainer.evaluationCacheBytes();
    }
  }

  @Test
  void weightsBatchesAndFiguresAreTheSameWithAnyCache() throws Exception {
    try (GraphDataset data = Planted.dataset()) {
      long all = allBytes(data);
      FitResult expected = null;
      byte[] weights = null;
      for (long bytes : List.of(0L, all / 2, all)) {
        Path saved = folder.resolve("m" + bytes);
        FitResult found;
        try (GraphTrainer trainer = builder(data, bytes).saveTo(saved).build()) {
          found = trainer.fit(EPOCHS, TrainingListener.NONE);
          assertTrue(trainer.evaluationCacheBytes() <= bytes);
          assertEquals(bytes > 0, trainer.evaluationCacheBytes() > 0);
        }
        byte[] file = Files.readAllBytes(saved.resolve("model.safetensors"));
        if (expected != null) {
          assertArrayEquals(weights, file);
          assertEquals(expected.batchesDigest(), found.batchesDigest());
          assertEquals(expected.validations(), found.validations());
          assertEquals(expected.test(), found.test());
        }
        expected = found;
        weights = file;
      }
    }
  }

  @Test
  void whatFitsIsSampledOnceAndOtherSplitsAndPredictionsAreNotKept() {
    try (GraphDataset data = Planted.dataset()) {
      long all = allBytes(data);
      try (GraphTrainer trainer = builder(data, all / 2).build()) {
        Evaluation first = trainer.evaluate(Split.VALID);
        assertEquals(NUM_BATCHES, sampled(trainer));
        trainer.predict(1100, 1101);
        trainer.evaluate(Split.TEST);
        long before = sampled(trainer);
        long kept = trainer.evaluationCacheBytes();
        assertEquals(first, trainer.evaluate(Split.VALID));
        long again = sampled(trainer) - before;
        assertTrue(again > 0 && again < NUM_BATCHES, "sampled again: " + again);
        assertEquals(kept, trainer.evaluationCacheBytes());
        assertTrue(kept > all / 4, kept + " of " + all);
      }
    }
  }

  @Test
  void refusesANegativeSize() {
    try (GraphDataset data = Planted.dataset()) {
      assertThrows(BadInputException.class, () -> builder(data, -1));
    }
  }
}
