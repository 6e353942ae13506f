package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.millrace.BadInputException;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.metrics.Scores;
import io.millrace.training.torch.TorchEngine;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeferredScoresTest {
  private final OpenResources open = new OpenResources();
  private final NDManager manager = TorchEngine.newManager();

  @AfterEach
  void nothingStaysOpen() {
    manager.close();
    open.close();
  }

  private final Scores sums = Scores.ofTraining(NodeLabels.of(2, new int[0]));

  /** A step over two seeds, of which the first is predicted right and the second has no label. */
  private void step(DeferredScores scores, int batch, float loss) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray logits = manager.create(new float[] {0, 1, 1, 0}, new Shape(2, 2));
      NDArray labels = manager.create(new long[] {1, -1});
      scores.add(new DeferredScores.Result(batch, manager.create(loss), 1, logits, labels));
    }
  }

  private void assertSums(double loss, int numNodes) {
    assertEquals(loss, sums.sum().loss());
    assertEquals(numNodes, sums.sum().numNodes());
    assertEquals(numNodes == 0 ? 0 : 1, sums.sum().accuracy());
  }

  @Test
  void readsAtOnceIfItMay() {
    try (DeferredScores scores = new DeferredScores(0, "epoch", 0, sums)) {
      step(scores, 0, 3);
      assertSums(3, 1);
    }
  }

  @Test
  void readsTogetherWhatItKept() {
    try (DeferredScores scores = new DeferredScores(2, "epoch", 0, sums)) {
      step(scores, 0, 1);
      step(scores, 1, 2);
      assertSums(0, 0);
      step(scores, 2, 6);
      assertSums(3, 3);
      step(scores, 3, 7);
      assertSums(3, 3);
      scores.readAll();
      assertSums(4, 4);
      scores.readAll();
      assertSums(4, 4);
    }
  }

  @Test
  void readsSeveralLabelsANode() {
    Scores several =
        Scores.ofTraining(NodeLabels.multiLabel(2, MemorySegment.ofArray(new byte[0])));
    try (DeferredScores scores = new DeferredScores(1, "epoch", 0, several);
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray logits = manager.create(new float[] {1, -1, 1, -1}, new Shape(2, 2));
      NDArray labels = manager.create(new byte[] {1, 0, 0, -1}, new Shape(2, 2));
      scores.add(new DeferredScores.Result(0, manager.create(1f), 3, logits, labels));
      scores.readAll();
    }
    assertEquals(2 / 3.0, several.sum().accuracy());
    assertEquals(2, several.sum().numNodes());
  }

  @Test
  void namesTheFirstBatchWhoseLossIsNotFinite() {
    try (DeferredScores scores = new DeferredScores(3, "epoch", 7, sums)) {
      step(scores, 0, 1);
      step(scores, 1, Float.NaN);
      step(scores, 2, Float.NaN);
      String message = assertThrows(BadInputException.class, scores::readAll).getMessage();
      assertTrue(message.endsWith("loss=NaN, epoch=7, batch=1"), message);
    }
  }

  @Test
  void freesWhatWasNotRead() {
    try (DeferredScores scores = new DeferredScores(3, "epoch", 7, sums)) {
      step(scores, 0, 1);
    } // and nothing stays open
    assertSums(0, 0);
  }
}
