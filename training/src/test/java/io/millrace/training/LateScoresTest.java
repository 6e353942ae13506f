package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.millrace.datasets.BadInputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LateScoresTest {
  private final OpenResources open = new OpenResources();
  private final NDManager manager = TorchEngine.newManager();

  @AfterEach
  void nothingStaysOpen() {
    manager.close();
    open.close();
  }

  /** A step over two seeds, of which the first is predicted right and the second has no label. */
  private void step(LateScores scores, int batch, float loss) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray logits = manager.create(new float[] {0, 1, 1, 0}, new Shape(2, 2));
      NDArray labels = manager.create(new long[] {1, -1});
      scores.add(batch, manager.create(loss), logits, labels);
    }
  }

  @Test
  void readsAtOnceIfItMay() {
    try (LateScores scores = new LateScores(0, "epoch", 0)) {
      step(scores, 0, 3);
      assertEquals(new Evaluation(1, 3, 1), scores.soFar());
    }
  }

  @Test
  void readsTogetherWhatItKept() {
    try (LateScores scores = new LateScores(2, "epoch", 0)) {
      step(scores, 0, 1);
      step(scores, 1, 2);
      assertEquals(0, scores.soFar().numNodes());
      step(scores, 2, 6);
      assertEquals(new Evaluation(1, 3, 3), scores.soFar());
      step(scores, 3, 7);
      assertEquals(3, scores.soFar().numNodes());
      assertEquals(new Evaluation(1, 4, 4), scores.sum());
      assertEquals(new Evaluation(1, 4, 4), scores.sum());
    }
  }

  @Test
  void namesTheFirstBatchWhoseLossIsNotFinite() {
    try (LateScores scores = new LateScores(3, "epoch", 7)) {
      step(scores, 0, 1);
      step(scores, 1, Float.NaN);
      step(scores, 2, Float.NaN);
      String message = assertThrows(BadInputException.class, scores::sum).getMessage();
      assertTrue(message.endsWith("loss=NaN, epoch=7, batch=1"), message);
    }
  }

  @Test
  void freesWhatWasNotRead() {
    try (LateScores scores = new LateScores(3, "epoch", 7)) {
      step(scores, 0, 1);
    } // and nothing stays open
  }
}
