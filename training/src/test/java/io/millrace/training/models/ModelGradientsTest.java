package io.millrace.training.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.OpenResources;
import io.millrace.training.loss.Criterion;
import io.millrace.training.loss.Loss;
import io.millrace.training.models.JumpingKnowledge.Jump;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.Forward;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.Nonlinearity;
import io.millrace.training.nn.Norm;
import io.millrace.training.torch.GradMode;
import io.millrace.training.torch.Scalars;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradient of every parameter of every model, against the slope of the loss. In training, so
 * normalised by the batch; without dropout, which would be drawn anew, and with an activation that
 * has no corner.
 */
class ModelGradientsTest {
  private static final int IN = 3;
  private static final int CLASSES = 2;
  private static final long[] LABELS = {1, 0, 0, 1, 0};
  private static final int[] SEEDS = {4, 9, 0, 7, 2};
  private static final float STEP = 2e-3f;

  private final OpenResources open = new OpenResources();
  private final SmallGraph graph = SmallGraph.random(3, 12, IN);

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  static Stream<LayeredModel<?>> models() {
    return Stream.of(
            GraphSage.of(4, 2),
            GraphSage.of(4, 2).aggregator(Aggregator.SUM).residual(true),
            GraphSage.of(4, 2).aggregator(Aggregator.MAX).norm(Norm.LAYER),
            Gcn.of(4, 2),
            Gat.of(4, 2).heads(2),
            Gin.of(4, 2),
            SageRi.of(4, 2),
            JumpingKnowledge.of(4, 2),
            JumpingKnowledge.of(4, 3).jump(Jump.MAX),
            Mlp.of(4, 2))
        .map(model -> model.dropout(0).activation(Nonlinearity.ELU));
  }

  @ParameterizedTest
  @MethodSource("models")
  @Tag("exhaustive")
  void gradientsAreTheSlopesOfTheLoss(GraphModel model) {
    try (Network network = new Network(model, IN, CLASSES, 3)) {
      loss(network, model, true);
      for (NDArray parameter : network.learned().values()) {
        float[] gradient;
        try (NDArray array = parameter.getGradient()) {
          gradient = array.toFloatArray();
        }
        for (int i = 0; i < gradient.length; i++) {
          double slope =
              (moved(network, model, parameter, i, STEP)
                      - moved(network, model, parameter, i, -STEP))
                  / (2 * STEP);
          assertEquals(slope, gradient[i], 3e-3, model + ", " + parameter.getName() + " " + i);
        }
      }
    }
  }

  private double moved(
      Network network, GraphModel model, NDArray parameter, int element, float step) {
    float[] before = parameter.toFloatArray();
    float[] after = before.clone();
    after[element] += step;
    set(network, parameter.getName(), after);
    double loss = loss(network, model, false);
    set(network, parameter.getName(), before);
    return loss;
  }

  private static void set(Network network, String name, float[] values) {
    try (NDList weights = network.copy()) {
      weights.get(name).set(values);
      network.restore(weights);
    }
  }

  private double loss(Network network, GraphModel model, boolean backward) {
    try (NDScope scope = new NDScope();
        GradMode _ = backward ? GradMode.on() : GradMode.off()) {
      scope.suppressNotUsedWarning();
      NDList inputs = graph.batch(network.manager(), model, graph.allNeighbors(model), SEEDS, 1);
      NDArray labels = network.manager().create(LABELS);
      NDArray sum =
          Criterion.of(
                  network.manager(),
                  Loss.CROSS_ENTROPY,
                  NodeLabels.of(2, new int[2]),
                  Optional.empty())
              .sum(Forward.logits(network, inputs, true), labels);
      NDArray loss = sum.div(Scalars.like(sum, LABELS.length));
      if (backward) {
        NDArray one = network.manager().create(1f);
        JniUtils.backward((PtNDArray) loss, (PtNDArray) one, false, false);
      }
      return loss.getFloat();
    }
  }
}
