package io.millrace.training.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.millrace.training.Fault;
import io.millrace.training.OpenResources;
import io.millrace.training.models.JumpingKnowledge.Jump;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.Forward;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.Nonlinearity;
import io.millrace.training.nn.Norm;
import io.millrace.training.torch.GradMode;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each model computes from all neighbours, against its formula; and that the comparison would
 * see the formula's likeliest faults. All weights are random, the remembered statistics too.
 */
public class ModelValuesTest {
  private static final int NUM_SEEDS = 5;
  private static final int NUM_NODES = 30;
  private static final int IN = 5;
  private static final int HIDDEN = 4;
  private static final int CLASSES = 3;
  private static final double TOLERANCE = 2e-4;

  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  private static Arguments model(LayeredModel<?> model, Fault... faults) {
    return Arguments.of(model, List.of(faults));
  }

  public static Stream<Arguments> models() {
    GraphSage sage = GraphSage.of(HIDDEN, 3);
    return Stream.of(
        model(
            sage,
            Fault.NO_ROOT_WEIGHT,
            Fault.SUM_FOR_MEAN,
            Fault.NO_BIAS,
            Fault.NO_NORM,
            Fault.NO_ACTIVATION),
        model(sage.aggregator(Aggregator.MAX).norm(Norm.LAYER), Fault.SUM_FOR_MEAN, Fault.NO_NORM),
        model(sage.aggregator(Aggregator.SUM).norm(Norm.NONE), Fault.NO_ROOT_WEIGHT),
        model(
            sage.residual(true).activation(Nonlinearity.ELU),
            Fault.NO_RESIDUAL,
            Fault.NO_ACTIVATION),
        model(
            Gcn.of(HIDDEN, 3),
            Fault.NO_DEGREE_OF_SOURCE,
            Fault.NO_DEGREE_OF_DESTINATION,
            Fault.NO_SELF_LOOP,
            Fault.NO_BIAS),
        model(Gcn.of(HIDDEN, 1), Fault.NO_SELF_LOOP),
        model(
            Gat.of(HIDDEN, 3).heads(2),
            Fault.SOFTMAX_OVER_DESTINATIONS,
            Fault.NO_SOFTMAX,
            Fault.NO_SELF_LOOP,
            Fault.NO_SLOPE,
            Fault.HEADS_MIXED,
            Fault.NO_BIAS),
        model(
            Gat.of(HIDDEN, 2).heads(1).norm(Norm.LAYER),
            Fault.SOFTMAX_OVER_DESTINATIONS,
            Fault.NO_SLOPE),
        model(Gat.of(HIDDEN, 1), Fault.HEADS_MIXED, Fault.NO_SOFTMAX),
        model(Gin.of(HIDDEN, 2), Fault.NO_EPS, Fault.NO_BIAS, Fault.NO_NORM, Fault.NO_ACTIVATION),
        model(Gin.of(HIDDEN, 2).norm(Norm.NONE).residual(true), Fault.NO_EPS, Fault.NO_RESIDUAL),
        model(
            SageRi.of(HIDDEN, 3),
            Fault.NO_RESIDUAL,
            Fault.RESIDUAL_IN_HEAD,
            Fault.NO_FEATURES_IN_HEAD,
            Fault.NO_ROOT_WEIGHT,
            Fault.NO_NORM,
            Fault.NO_ACTIVATION),
        model(SageRi.of(HIDDEN, 1).residual(false), Fault.NO_FEATURES_IN_HEAD),
        model(JumpingKnowledge.of(HIDDEN, 3), Fault.LAST_LAYER_ONLY, Fault.NO_ROOT_WEIGHT),
        model(
            JumpingKnowledge.of(HIDDEN, 3)
                .jump(Jump.MAX)
                .activation(Nonlinearity.ELU)
                .residual(true),
            Fault.LAST_LAYER_ONLY,
            Fault.NO_RESIDUAL),
        model(JumpingKnowledge.of(HIDDEN, 1).jump(Jump.MAX), Fault.NO_BIAS),
        model(Mlp.of(HIDDEN, 3).residual(true), Fault.NO_BIAS, Fault.NO_RESIDUAL, Fault.NO_NORM));
  }

  @ParameterizedTest
  @MethodSource("models")
  void givesWhatItsFormulaSays(GraphModel model) {
    for (long seed = 0; seed < NUM_SEEDS; seed++) {
      double difference = difference(model, Fault.NONE, seed);
      assertEquals(0, difference, TOLERANCE, model + ", seed " + seed);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theComparisonSeesFaults(GraphModel model, List<Fault> faults) {
    for (Fault fault : faults) {
      double difference =
          LongStream.range(0, NUM_SEEDS)
              .mapToDouble(seed -> difference(model, fault, seed))
              .max()
              .orElseThrow();
      assertTrue(difference > 100 * TOLERANCE, model + ", " + fault + ": " + difference);
    }
  }

  private static double difference(GraphModel model, Fault fault, long seed) {
    SmallGraph graph = SmallGraph.random(seed, NUM_NODES, IN);
    try (Network network = new Network(model, IN, CLASSES, seed)) {
      randomise(network, seed);
      return difference(network, model, graph, fault);
    }
  }

  /** The greatest one over some nodes, from the formula with a fault. */
  private static double difference(
      Network network, GraphModel model, SmallGraph graph, Fault fault) {
    int[] seeds = {3, 17, 0, 29, 11, 8};
    Matrix expected = new Reference(network, graph.neighbors(), fault).logits(model, graph.x());
    try (GradMode _ = GradMode.off()) {
      NDList inputs = graph.batch(network.manager(), model, graph.allNeighbors(model), seeds, 1);
      Matrix found = Matrix.of(Forward.logits(network, inputs, false));
      assertEquals(seeds.length, found.height());
      return IntStream.range(0, seeds.length * CLASSES)
          .mapToDouble(
              i ->
                  Math.abs(
                      found.row(i / CLASSES)[i % CLASSES]
                          - expected.row(seeds[i / CLASSES])[i % CLASSES]))
          .max()
          .orElseThrow();
    }
  }

  /** Every parameter: also what begins as 0 or 1 and would hide that it is left out. */
  private static void randomise(Network network, long seed) {
    Random random = new Random(seed);
    try (NDList weights = network.copy()) {
      for (NDArray weight : weights) {
        boolean variance = weight.getName().endsWith("running_var");
        double[] values =
            random.doubles(weight.size(), variance ? 0.5 : -0.8, variance ? 1.5 : 0.8).toArray();
        float[] floats = new float[values.length];
        IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) values[i]);
        weight.set(floats);
      }
      network.restore(weights);
    }
  }
}
