package io.millrace.training.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.OpenResources;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.TorchEngine;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The losses beside their formulas in doubles, on logits of any size. */
class CriterionTest {
  private static final float[][] LOGITS = {{1, -2, 0.5f}, {40, 0, -40}, {0, 0, 0}, {-3, 2, 1}};
  private static final float[] WEIGHTS = {0.5f, 2, 3};

  private final OpenResources open = new OpenResources();
  private final NDManager manager = TorchEngine.newManager();

  @AfterEach
  void nothingStaysOpen() {
    manager.close();
    open.close();
  }

  private static NodeLabels classes() {
    return NodeLabels.of(3, new int[0]);
  }

  private static NodeLabels severalLabels() {
    return NodeLabels.multiLabel(3, MemorySegment.ofArray(new byte[0]));
  }

  private double sum(Loss loss, NodeLabels kind, Optional<float[]> weights, NDArray labels) {
    return Criterion.of(manager, loss, kind, weights)
        .sum(manager.create(LOGITS), labels)
        .getFloat();
  }

  @Test
  void crossEntropyAddsUpTheLabelledSeeds() {
    int[] labels = {2, 0, -1, 0};
    for (float[] weights : new float[][] {{1, 1, 1}, WEIGHTS}) {
      double expected = 0;
      for (int i : new int[] {0, 1, 3}) {
        double sum = 0;
        for (float logit : LOGITS[i]) {
          sum += Math.exp(logit - LOGITS[i][labels[i]]);
        }
        expected += weights[labels[i]] * Math.log(sum);
      }
      NDArray array = manager.create(new long[] {2, 0, -1, 0});
      double found = sum(Loss.CROSS_ENTROPY, classes(), Optional.of(weights), array);
      assertEquals(expected, found, 1e-5);
    }
    NDArray array = manager.create(new long[] {2, 0, -1, 0});
    assertEquals(
        sum(Loss.CROSS_ENTROPY, classes(), Optional.of(new float[] {1, 1, 1}), array),
        sum(Loss.CROSS_ENTROPY, classes(), Optional.empty(), array));
    NodeLabels some = NodeLabels.of(3, new int[] {0, -1, 2, 1, 2});
    assertEquals(3, new CrossEntropy(Optional.empty()).numTerms(some, new int[] {4, 0, 1, 3}));
  }

  @Test
  void binaryCrossEntropyAddsUpTheKnownAnswers() {
    byte[] labels = {1, 0, -1, 0, 1, 1, -1, -1, -1, 0, 1, 0};
    NDArray array = manager.create(ByteBuffer.wrap(labels), new Shape(4, 3), DataType.INT8);
    assertEquals(
        binary(labels, WEIGHTS), sum(Loss.BCE, severalLabels(), Optional.of(WEIGHTS), array), 1e-3);
    assertEquals(
        binary(labels, new float[] {1, 1, 1}),
        sum(Loss.BCE, severalLabels(), Optional.empty(), array),
        1e-3);
    NodeLabels some = NodeLabels.multiLabel(3, MemorySegment.ofArray(labels));
    assertEquals(
        5, new BinaryCrossEntropy(some, Optional.empty()).numTerms(some, new int[] {0, 3}));
  }

  @Test
  void binaryCrossEntropyTakesAClassForItsOnlyLabel() {
    NDArray array = manager.create(new long[] {2, 0, -1, 1});
    byte[] same = {0, 0, 1, 1, 0, 0, -1, -1, -1, 0, 1, 0};
    assertEquals(
        binary(same, WEIGHTS), sum(Loss.BCE, classes(), Optional.of(WEIGHTS), array), 1e-4);
    NodeLabels some = NodeLabels.of(3, new int[] {2, 0, -1, 1});
    assertEquals(
        6, new BinaryCrossEntropy(some, Optional.empty()).numTerms(some, new int[] {2, 0, 3}));
  }

  private static double binary(byte[] labels, float[] weights) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      double logit = LOGITS[i / 3][i % 3];
      sum +=
          switch (labels[i]) {
            case 1 -> weights[i % 3] * Math.log1p(Math.exp(-logit));
            case 0 -> Math.log1p(Math.exp(logit));
            default -> 0;
          };
    }
    return sum;
  }

  @Test
  void unknownAnswersHaveNoGradient() {
    NDArray logits = manager.create(LOGITS);
    logits.setRequiresGradient(true);
    byte[] labels = {1, 0, -1, 0, 1, 1, -1, -1, -1, 0, 1, 0};
    NDArray array = manager.create(ByteBuffer.wrap(labels), new Shape(4, 3), DataType.INT8);
    try (GradMode _ = GradMode.on()) {
      NDArray loss =
          Criterion.of(manager, Loss.BCE, severalLabels(), Optional.empty()).sum(logits, array);
      JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.create(1f), false, false);
    }
    float[] gradient = logits.getGradient().toFloatArray();
    for (int i = 0; i < labels.length; i++) {
      double sigmoid = 1 / (1 + Math.exp(-LOGITS[i / 3][i % 3]));
      assertEquals(labels[i] < 0 ? 0 : sigmoid - labels[i], gradient[i], 1e-6, "answer " + i);
    }
  }

  @Test
  void balancedClassesCountTheSameTogether() {
    NodeLabels labels = NodeLabels.of(4, new int[] {0, 0, 0, 1, 2, 2, -1, 1, 1, 1});
    int[] nodes = {0, 1, 2, 3, 4, 5, 6}; // three of class 0, one of 1, two of 2, none of 3
    assertWeights(Loss.CROSS_ENTROPY, ClassWeights.balanced(), labels, nodes, 6 / 9f, 2, 1, 1);
    assertWeights(Loss.BCE, ClassWeights.balanced(), labels, nodes, 1, 5, 2, 1);
  }

  @Test
  void balancedLabelsWeighAYesByTheNumberOfNos() {
    byte[] values = {1, 0, 0, 0, 1, -1, 0, 1, 0, 0, 1, 0};
    NodeLabels labels = NodeLabels.multiLabel(3, MemorySegment.ofArray(values));
    int[] nodes = {0, 1, 2, 3};
    assertWeights(Loss.BCE, ClassWeights.balanced(), labels, nodes, 3, 1 / 3f, 1);
    assertWeights(Loss.BCE, ClassWeights.of(7, 8, 9), labels, nodes, 7, 8, 9);
  }

  @Test
  void givenWeightsOfCrossEntropyAreOneOnAverageOverTheTrainingNodes() {
    NodeLabels labels = NodeLabels.of(2, new int[] {0, 0, 0, 1});
    int[] nodes = {0, 1, 2, 3};
    assertWeights(Loss.CROSS_ENTROPY, ClassWeights.of(10, 50), labels, nodes, 0.5f, 2.5f);
  }

  private static void assertWeights(
      Loss loss, ClassWeights weights, NodeLabels labels, int[] nodes, float... expected) {
    assertArrayEquals(
        expected, BalancedWeights.of(weights, loss, labels, nodes).orElseThrow(), 1e-6f);
  }
}
