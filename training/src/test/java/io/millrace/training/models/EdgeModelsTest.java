package io.millrace.training.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.Draw;
import io.millrace.training.OpenResources;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.BatchTensors;
import io.millrace.training.nn.EdgeNeeds;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.Network;
import io.millrace.training.nn.Nonlinearity;
import io.millrace.training.nn.Norm;
import io.millrace.training.torch.GradMode;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.BatchStream;
import io.millrace.transfer.DeviceBatch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that read weights and features of edges, by the path of training, against formulas. */
public class EdgeModelsTest {
  private static final int IN = 4;
  private static final int CLASSES = 2;
  private static final int NODES = 14;

  private final OpenResources open = new OpenResources();
  private final EdgeGraph graph = EdgeGraph.random(6, NODES, IN);

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  public static Stream<LayeredModel<?>> models() {
    return Stream.of(
            GraphSage.of(4, 2).aggregator(Aggregator.WEIGHTED_MEAN),
            WeightedGcn.of(4, 2),
            Gatv2.of(4, 2).heads(2).edgeDim(EdgeGraph.DIM),
            Gatv2.of(4, 2).heads(2),
            Gine.of(4, 2).edgeDim(EdgeGraph.DIM))
        .map(model -> model.norm(Norm.NONE).dropout(0).activation(Nonlinearity.ELU));
  }

  @ParameterizedTest
  @MethodSource("models")
  void giveWhatTheirFormulaSays(LayeredModel<?> model) {
    try (Network network = network(model)) {
      assertClose(new EdgeReference(network, graph).logits(model), logits(network, model, graph));
    }
  }

  /** The slope is that of the formula in doubles. */
  @ParameterizedTest
  @MethodSource("models")
  void gradientsAreTheSlopesOfTheFormula(LayeredModel<?> model) {
    try (Network network = network(model)) {
      EdgeReference formula = new EdgeReference(network, graph);
      float[] factors = factors();
      Pass pass = new Pass(network, model, graph, Draw.uniform(), all(model));
      pass.backward(factors);
      network
          .learned()
          .forEach(
              (name, parameter) -> {
                float[] gradient;
                try (NDArray array = parameter.getGradient()) {
                  gradient = array.toFloatArray();
                }
                Matrix values = formula.weight(name);
                for (int i = 0; i < gradient.length; i++) {
                  double[] row = values.row(i / values.width());
                  double slope =
                      slope(row, i % values.width(), () -> sum(formula.logits(model), factors));
                  assertEquals(slope, gradient[i], 1e-4 * (10 + Math.abs(slope)), name + " " + i);
                }
              });
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsOfEdgeFeaturesAreTheSlopesOfTheFormula(LayeredModel<?> model) {
    if (model.edgeColumns().featureDim() == 0 || model.layers().count() > 2) {
      return;
    }
    try (Network network = network(model)) {
      EdgeReference formula = new EdgeReference(network, graph);
      float[] factors = factors();
      float[] gradient =
          new Pass(network, model, graph, Draw.uniform(), all(model)).edgeGradient(factors);
      int edge = 0;
      for (double[][] ofNode : graph.features()) {
        for (double[] row : ofNode) {
          for (int c = 0; c < EdgeGraph.DIM; c++) {
            double slope = slope(row, c, () -> sum(formula.logits(model), factors));
            assertEquals(
                slope,
                gradient[edge * EdgeGraph.DIM + c],
                1e-4 * (10 + Math.abs(slope)),
                "edge " + edge);
          }
          edge++;
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theOrderOfARowDoesNotMatter(LayeredModel<?> model) {
    try (Network network = network(model)) {
      float[] found = logits(network, model, graph.reversedRows());
      assertArrayEquals(logits(network, model, graph), found, 1e-5f);
    }
  }

  @Test
  void edgesWithoutFeaturesInTheirFeaturesAreThoseOfTheModelWithout() {
    Gatv2 with = Gatv2.of(4, 1).edgeDim(EdgeGraph.DIM);
    Gatv2 without = Gatv2.of(4, 1);
    EdgeGraph zeros = graph.withFeatures(0);
    try (Network network = network(with);
        Network plain = network(without);
        NDList weights = network.copy()) {
      NDList shared =
          new NDList(weights.stream().filter(w -> !w.getName().endsWith("edge")).toList());
      plain.restore(shared);
      assertArrayEquals(
          logits(plain, without, zeros), logits(network, with, zeros), 1e-6f, "attention");
    }
  }

  static Stream<Draw> unbiasedDraws() {
    return Stream.of(Draw.uniform(), Draw.withReplacement(), Draw.labor(), Draw.weightedEstimate());
  }

  /**
   * Two of up to five neighbours are drawn; the mean over many draws is within five deviations. No
   * edge is double: labor draws the edges of a source together.
   */
  @ParameterizedTest
  @MethodSource("unbiasedDraws")
  void aWeightedGcnOfASampleIsThatOfAllNeighborsInExpectation(Draw draw) {
    WeightedGcn model = WeightedGcn.of(1, 1);
    int numSamples = 600;
    EdgeGraph graph = EdgeGraph.of(this.graph.graph().withoutDoubleEdges(), 6);
    try (Network network = network(model)) {
      float[] all = logits(network, model, graph);
      double[] sum = new double[all.length];
      double[] squares = new double[all.length];
      Pass pass = new Pass(network, model, graph, draw, Fanout.of(2));
      for (float[] drawn : pass.logits(numSamples)) {
        for (int i = 0; i < drawn.length; i++) {
          sum[i] += drawn[i];
          squares[i] += (drawn[i] - all[i]) * (drawn[i] - all[i]);
        }
      }
      assertTrue(Arrays.stream(squares).sum() > 0, "samples differ from all neighbours");
      for (int i = 0; i < all.length; i++) {
        double error = 5 * Math.sqrt(squares[i]) / numSamples;
        assertEquals(all[i], sum[i] / numSamples, error + 1e-5, draw + ", value " + i);
      }
    }
  }

  static Stream<LayeredModel<?>> modelsOfWideLayers() {
    return Stream.of(
        WeightedGcn.of(32, 2),
        Gatv2.of(32, 2).edgeDim(EdgeGraph.DIM),
        Gatv2.of(32, 2),
        Gine.of(32, 2).edgeDim(EdgeGraph.DIM));
  }

  /** Inference makes its chunks by this; next to rows, every layer may hold some numbers. */
  @ParameterizedTest
  @MethodSource("modelsOfWideLayers")
  void aLayerHoldsNoMorePerEdgeThanItSays(LayeredModel<?> model) {
    try (Network network = network(model);
        GradMode _ = GradMode.off()) {
      Pass pass = new Pass(network, model, graph, Draw.uniform(), all(model));
      pass.forEach(
          1,
          batch -> {
            NDArray state = batch.features();
            for (int l = 0; l < network.numLayers(); l++) {
              long before = valuesPerEdge(network, batch);
              state = network.predict(l, state, batch.edges().get(l));
              long held = valuesPerEdge(network, batch) - before;
              assertTrue(
                  held <= network.valuesPerEdge(l) + 16, model + ", layer " + l + ": " + held);
            }
          });
    }
  }

  /** The values of all arrays of one row per edge; one memory counts once. */
  private static long valuesPerEdge(Network network, BatchTensors batch) {
    long numEdges = batch.edges().getFirst().indices().size();
    Map<Long, Long> sizes = new HashMap<>();
    for (NDArray array : List.copyOf(network.manager().getManagedArrays())) {
      if (array.getDataType() == DataType.FLOAT32
          && array.getShape().dimension() > 0
          && array.getShape().get(0) == numEdges) {
        long address = MemorySegment.ofBuffer(array.toByteBuffer(true)).address();
        sizes.merge(address, array.size(), Math::max);
      }
    }
    return sizes.values().stream().mapToLong(Long::longValue).sum() / numEdges;
  }

  private static Network network(LayeredModel<?> model) {
    Network network = new Network(model, IN, CLASSES, 5);
    Random random = new Random(5);
    try (NDList weights = network.copy()) {
      for (NDArray weight : weights) {
        float[] values = new float[(int) weight.size()];
        IntStream.range(0, values.length)
            .forEach(i -> values[i] = random.nextFloat() * 1.6f - 0.8f);
        weight.set(values);
      }
      network.restore(weights);
    }
    return network;
  }

  private static Fanout all(LayeredModel<?> model) {
    return Fanout.uniform(Fanout.ALL, model.numHops());
  }

  private static float[] logits(Network network, LayeredModel<?> model, EdgeGraph graph) {
    return new Pass(network, model, graph, Draw.uniform(), all(model)).logits(1).getFirst();
  }

  private static void assertClose(Matrix expected, float[] found) {
    for (int i = 0; i < found.length; i++) {
      double value = expected.row(i / CLASSES)[i % CLASSES];
      assertEquals(value, found[i], 1e-5 * (1 + Math.abs(value)), "value " + i);
    }
  }

  private static float[] factors() {
    Random random = new Random(8);
    float[] factors = new float[NODES * CLASSES];
    IntStream.range(0, factors.length).forEach(i -> factors[i] = random.nextFloat() - 0.5f);
    return factors;
  }

  private static double sum(Matrix logits, float[] factors) {
    return IntStream.range(0, factors.length)
        .mapToDouble(i -> factors[i] * logits.row(i / CLASSES)[i % CLASSES])
        .sum();
  }

  private static double slope(double[] row, int column, DoubleSupplier value) {
    double before = row[column];
    row[column] = before + 1e-6;
    double above = value.getAsDouble();
    row[column] = before - 1e-6;
    double below = value.getAsDouble();
    row[column] = before;
    return (above - below) / 2e-6;
  }

  /** Batches of all nodes, as training has them. */
  private record Pass(
      Network network, LayeredModel<?> model, EdgeGraph graph, Draw draw, Fanout fanout) {
    private interface OfBatch {
      void accept(BatchTensors batch);
    }

    private void forEach(int epochs, OfBatch task) {
      try (GraphDataset data = graph.dataset();
          BatchPipeline pipeline =
              EdgeNeeds.apply(model, BatchPipeline.builder(data, fanout))
                  .draw(draw)
                  .workers(1)
                  .build()) {
        int[] nodes = IntStream.range(0, graph.numNodes()).toArray();
        EpochPlan plan = EpochPlan.inOrder(nodes, nodes.length, 3);
        for (int epoch = 0; epoch < epochs; epoch++) {
          try (BatchStream batches = pipeline.start(plan.epoch(epoch));
              DeviceBatch batch = batches.next();
              NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            task.accept(BatchTensors.unlabelled(network.manager(), batch));
          }
        }
      }
    }

    List<float[]> logits(int epochs) {
      List<float[]> all = new ArrayList<>();
      try (GradMode _ = GradMode.off()) {
        forEach(
            epochs,
            batch ->
                all.add(
                    network
                        .logits(batch.features(), batch.edges(), network.prediction())
                        .toFloatArray()));
      }
      return all;
    }

    void backward(float[] factors) {
      try (GradMode _ = GradMode.on()) {
        forEach(1, batch -> backward(batch, factors));
      }
    }

    /**
     * Of both layers together, edge by edge of the graph: with all nodes as seeds each is whole.
     */
    float[] edgeGradient(float[] factors) {
      float[] sum =
          new float[Arrays.stream(graph.weights()).mapToInt(w -> w.length).sum() * EdgeGraph.DIM];
      try (GradMode _ = GradMode.on()) {
        forEach(
            1,
            batch -> {
              batch.edges().forEach(layer -> layer.edgeFeatures().setRequiresGradient(true));
              backward(batch, factors);
              for (var layer : batch.edges()) {
                float[] gradient = layer.edgeFeatures().getGradient().toFloatArray();
                IntStream.range(0, gradient.length).forEach(i -> sum[i] += gradient[i]);
              }
            });
      }
      return sum;
    }

    private void backward(BatchTensors batch, float[] factors) {
      ForwardPass pass = ForwardPass.training(network.prediction().store(), 1);
      NDArray logits = network.logits(batch.features(), batch.edges(), pass);
      NDArray by = network.manager().create(factors, new Shape(NODES, CLASSES));
      NDArray one = network.manager().create(1f);
      JniUtils.backward((PtNDArray) logits.mul(by).sum(), (PtNDArray) one, false, false);
    }
  }
}
