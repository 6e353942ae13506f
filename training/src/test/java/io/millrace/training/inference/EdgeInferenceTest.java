package io.millrace.training.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.overlay.GraphOverlay;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.Draw;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.files.ModelFile;
import io.millrace.training.models.EdgeGraph;
import io.millrace.training.models.EdgeModelsTest;
import io.millrace.training.models.EdgeReference;
import io.millrace.training.models.Gatv2;
import io.millrace.training.models.Gine;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Matrix;
import io.millrace.training.models.SmallGraph;
import io.millrace.training.models.WeightedGcn;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.Network;
import io.millrace.training.scoring.NodeScorer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layer-wise inference, samples of all neighbours and the scorer agree for models that read edges;
 * one node's row is computed in parts.
 */
class EdgeInferenceTest {
  private static final int NODES = 90;
  private static final double TOLERANCE = 1e-5;

  private final OpenResources open = new OpenResources();
  private final EdgeGraph graph = EdgeGraph.of(TestInference.graphWithHub(2, NODES), 2);
  @TempDir private Path folder;

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  static Stream<LayeredModel<?>> models() {
    return EdgeModelsTest.models();
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyPathGivesWhatTheFormulaSays(LayeredModel<?> model) {
    ModelFile file = file(model);
    float[] expected = formula(file, model);
    try (GraphDataset data = graph.dataset()) {
      assertClose(expected, logits(data, file, "exact", InferenceMode.layerwise()), model);
      InferenceMode.Sampled all =
          InferenceMode.sampled(Fanout.uniform(-1, model.numHops())).batchSize(13);
      assertClose(expected, logits(data, file, "sampled", all), model);
      try (NodeScorer scorer = NodeScorer.builder(data, file).build()) {
        int[] nodes = IntStream.range(0, NODES).toArray();
        assertClose(expected, scorer.score(nodes).logits(), model);
      }
    }
  }

  /** They read weights or not: the whole graph has its edges of weight 0 in every mode. */
  @Test
  @Tag("exhaustive")
  void aDrawByWeightOfAllNeighborsIsTheWholeGraph() {
    for (LayeredModel<?> model : List.of(GraphSage.of(4, 2), Gatv2.of(4, 2))) {
      ModelFile file = file(model);
      try (GraphDataset data = graph.dataset()) {
        float[] exact = logits(data, file, "exact" + model.hashCode(), InferenceMode.layerwise());
        InferenceMode all = InferenceMode.sampled(Fanout.of(-1, -1)).draw(Draw.weighted());
        assertClose(exact, logits(data, file, "all" + model.hashCode(), all), model);
      }
    }
  }

  @Test
  void aScorerRefusesEdgesThatHaveNoAttributes() {
    ModelFile file = file(Gine.of(4, 2).edgeDim(EdgeGraph.DIM));
    try (GraphDataset data = graph.dataset();
        NodeScorer scorer = NodeScorer.builder(data, file).build()) {
      float[] features = new float[TestInference.IN];
      assertEquals(1, scorer.scoreNew(List.of(new NewNode(features))).size());
      assertMessage(
          "edges that were added have no weights and features, and the model reads them: node=90",
          () -> scorer.scoreNew(List.of(new NewNode(features, 1, 2))));
    }
  }

  /** The row of the source is not read, but its weighted degree is. */
  @Test
  void aScorerRefusesASourceThatEdgesWereAddedTo() {
    ModelFile file = file(WeightedGcn.of(4, 1));
    int node =
        IntStream.range(0, NODES).filter(this::hasAnotherNodeAsNeighbor).findFirst().getAsInt();
    int source =
        Arrays.stream(graph.graph().neighbors()[node])
            .filter(u -> u != node)
            .findFirst()
            .getAsInt();
    try (GraphDataset data = graph.dataset()) {
      GraphOverlay overlay = GraphOverlay.of(data);
      try (NodeScorer scorer = NodeScorer.builder(overlay, file).build()) {
        assertEquals(1, scorer.score(node).size());
        overlay.addEdge(overlay.addNode(new float[TestInference.IN]), source);
        overlay.commit();
        assertMessage(
            "edges that were added have no weights and features, and the model reads them: node="
                + source,
            () -> scorer.score(node));
      }
    }
  }

  private boolean hasAnotherNodeAsNeighbor(int node) {
    return Arrays.stream(graph.graph().neighbors()[node]).anyMatch(u -> u != node);
  }

  @Test
  void whatAModelNeedsIsMissingInOneLine() {
    GraphDataset plain = TestInference.dataset(SmallGraph.random(1, 20, TestInference.IN));
    assertMessage(
        "edges of the dataset lack what is read of them: need=weights",
        () -> GraphTrainer.builder(plain).model(WeightedGcn.of(4, 2)).fanout(2, 2).build());
    assertMessage(
        "edges of the dataset lack what is read of them: need=features",
        () -> NodeScorer.builder(plain, file(Gine.of(4, 2))).build());
    try (GraphDataset data = graph.dataset()) {
      assertMessage(
          "edges have another number of features: edgeFeatures=3, need=7",
          () -> GraphInference.builder(data, file(Gatv2.of(4, 2).edgeDim(7))).build());
      assertMessage(
          "the model multiplies by edge weights, so edges cannot be preferred by them, too:"
              + " draw=weighted, use=weighted-estimate",
          () ->
              GraphTrainer.builder(data)
                  .model(GraphSage.of(4, 2).aggregator(Aggregator.WEIGHTED_MEAN))
                  .fanout(2, 2)
                  .draw(Draw.weighted())
                  .build());
      assertMessage(
          "the model does not use the scale of an estimate: draw=weighted-estimate",
          () ->
              GraphTrainer.builder(data)
                  .model(Gine.of(4, 2).edgeDim(EdgeGraph.DIM))
                  .fanout(2, 2)
                  .draw(Draw.weightedEstimate())
                  .build());
    }
  }

  private static void assertMessage(String expected, Runnable call) {
    assertEquals(expected, assertThrows(BadInputException.class, call::run).getMessage());
  }

  private ModelFile file(GraphModel model) {
    return TestInference.model(
        folder.resolve("model"), model, TestInference.IN, TestInference.CLASSES, 4);
  }

  private float[] logits(GraphDataset data, ModelFile file, String work, InferenceMode mode) {
    return TestInference.logits(data, file, folder.resolve(work), it -> it.mode(mode));
  }

  private float[] formula(ModelFile file, LayeredModel<?> model) {
    try (Network network = new Network(model, TestInference.IN, TestInference.CLASSES, 0)) {
      try (NDList weights = file.weights(network.manager())) {
        network.restore(weights);
      }
      Matrix logits = new EdgeReference(network, graph).logits(model);
      double[] flat = Arrays.stream(logits.rows()).flatMapToDouble(Arrays::stream).toArray();
      float[] values = new float[flat.length];
      IntStream.range(0, flat.length).forEach(i -> values[i] = (float) flat[i]);
      return values;
    }
  }

  private static void assertClose(float[] expected, float[] found, GraphModel model) {
    double difference = TestInference.difference(expected, found);
    assertTrue(difference < TOLERANCE, model + ": " + difference);
  }
}
