package io.millrace.training.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import io.millrace.sampler.Fanout;
import io.millrace.training.OpenResources;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.Forward;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Network;
import io.millrace.training.torch.GradMode;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What layers make of a sample of the neighbours, and of nodes that have none. */
class SampledLayersTest {
  private static final int IN = 3;
  private static final int CLASSES = 4;
  private static final int NUM_SAMPLES = 600;

  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  static Stream<GraphModel> linearInTheNeighbors() {
    GraphSage sage = GraphSage.of(1, 1);
    return Stream.of(sage, sage.aggregator(Aggregator.SUM), Gcn.of(1, 1));
  }

  /** Two neighbours of up to five are drawn; the mean over many draws is within five deviations. */
  @ParameterizedTest
  @MethodSource("linearInTheNeighbors")
  void aLayerOfASampleIsThatOfAllNeighboursInExpectation(GraphModel model) {
    SmallGraph graph = SmallGraph.random(8, 25, IN);
    int[] seeds = {0, 1, 2, 3, 4, 5, 6, 7};
    try (Network network = new Network(model, IN, CLASSES, 2)) {
      float[] all = logits(network, model, graph, Fanout.of(-1), seeds, 0);
      double[] sum = new double[all.length];
      double[] squares = new double[all.length];
      for (int sample = 0; sample < NUM_SAMPLES; sample++) {
        float[] drawn = logits(network, model, graph, Fanout.of(2), seeds, sample);
        for (int i = 0; i < drawn.length; i++) {
          sum[i] += drawn[i];
          squares[i] += (drawn[i] - all[i]) * (drawn[i] - all[i]);
        }
      }
      for (int i = 0; i < all.length; i++) {
        double error = 5 * Math.sqrt(squares[i]) / NUM_SAMPLES;
        assertEquals(all[i], sum[i] / NUM_SAMPLES, error + 1e-5, model + ", value " + i);
      }
    }
  }

  static Stream<GraphModel> all() {
    return Stream.of(
        GraphSage.of(4, 2),
        GraphSage.of(4, 2).aggregator(Aggregator.MAX),
        GraphSage.of(4, 2).aggregator(Aggregator.SUM),
        Gcn.of(4, 2),
        Gat.of(4, 2),
        Gin.of(4, 2),
        SageRi.of(4, 2),
        JumpingKnowledge.of(4, 2),
        Mlp.of(4, 2));
  }

  /** In training, too: batch normalisation of a single row has no variance. */
  @ParameterizedTest
  @MethodSource("all")
  void aGraphOfOneNodeWithoutEdgesGivesFiniteLogits(GraphModel model) {
    SmallGraph graph = new SmallGraph(new int[1][0], SmallGraph.random(1, 1, IN).x());
    try (Network network = new Network(model, IN, CLASSES, 1);
        NDScope scope = new NDScope();
        GradMode _ = GradMode.off()) {
      scope.suppressNotUsedWarning();
      for (boolean training : new boolean[] {true, false}) {
        NDList batch =
            graph.batch(network.manager(), model, graph.allNeighbors(model), new int[] {0}, 1);
        NDArray logits = Forward.logits(network, batch, training);
        for (float value : logits.toFloatArray()) {
          assertFalse(Float.isNaN(value) || Float.isInfinite(value), model + ": " + value);
        }
      }
    }
  }

  /** exp of the scores themselves would overflow at 88. */
  @Test
  void attentionStandsGreatScores() {
    GraphModel model = Gat.of(4, 1).heads(2);
    SmallGraph random = SmallGraph.random(5, 12, IN);
    SmallGraph graph = new SmallGraph(random.neighbors(), random.x().map(value -> 1000 * value));
    try (Network network = new Network(model, IN, CLASSES, 1)) {
      int[] seeds = {0, 1, 2, 3, 4, 5};
      for (float value : logits(network, model, graph, Fanout.of(-1), seeds, 1)) {
        assertFalse(Float.isNaN(value) || Float.isInfinite(value), "value " + value);
      }
    }
  }

  private static float[] logits(
      Network network, GraphModel model, SmallGraph graph, Fanout fanout, int[] seeds, long seed) {
    try (NDScope scope = new NDScope();
        GradMode _ = GradMode.off()) {
      scope.suppressNotUsedWarning();
      NDList batch = graph.batch(network.manager(), model, fanout, seeds, seed);
      return Forward.logits(network, batch, false).toFloatArray();
    }
  }
}
