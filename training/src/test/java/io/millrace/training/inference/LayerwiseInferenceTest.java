package io.millrace.training.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.StorageMode;
import io.millrace.sampler.Fanout;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.Gat;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.models.ModelValuesTest;
import io.millrace.training.models.SmallGraph;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.PipelineSettings;
import java.io.IOException;
import java.nio.file.Files;
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

/** What inference over all nodes gives, against the models' formulas over the whole graph. */
class LayerwiseInferenceTest {
  private static final int NUM_NODES = 90;
  private static final double TOLERANCE = 1e-5;

  private final OpenResources open = new OpenResources();
  @TempDir private Path folder;

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  static Stream<GraphModel> models() {
    return ModelValuesTest.models().map(arguments -> (GraphModel) arguments.get()[0]);
  }

  @ParameterizedTest
  @MethodSource("models")
  void equalsTheFormulaOverTheWholeGraph(GraphModel model) {
    SmallGraph graph = TestInference.graphWithHub(0, NUM_NODES);
    ModelFile file = file(model, 0);
    try (GraphDataset data = TestInference.dataset(graph)) {
      float[] found = TestInference.logits(data, file, folder.resolve("work"), it -> it);
      float[] expected = TestInference.reference(file, model, graph);
      double difference = TestInference.difference(expected, found);
      assertTrue(difference < TOLERANCE, model + ": " + difference);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  @Tag("exhaustive")
  void samplesOfAllNeighborsGiveTheSame(GraphModel model) {
    SmallGraph graph = TestInference.graphWithHub(3, NUM_NODES);
    ModelFile file = file(model, 3);
    InferenceMode all = InferenceMode.sampled(Fanout.uniform(-1, model.numHops())).batchSize(13);
    try (GraphDataset data = TestInference.dataset(graph)) {
      float[] exact = TestInference.logits(data, file, folder.resolve("exact"), it -> it);
      float[] sampled =
          TestInference.logits(data, file, folder.resolve("sampled"), it -> it.mode(all));
      double difference = TestInference.difference(exact, sampled);
      assertTrue(difference < TOLERANCE, model + ": " + difference);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  @Tag("exhaustive")
  void someNodesHaveTheSameResultsAsAmongAll(GraphModel model) {
    SmallGraph graph = TestInference.graphWithHub(4, NUM_NODES);
    ModelFile file = file(model, 4);
    int[] some = {40, 3, TestInference.HUB, 3, 89};
    try (GraphDataset data = TestInference.dataset(graph)) {
      float[] all = TestInference.logits(data, file, folder.resolve("all"), it -> it);
      float[] found =
          TestInference.logits(data, file, folder.resolve("some"), it -> it.nodes(some));
      float[] expected = new float[found.length];
      for (int i = 0; i < expected.length; i++) {
        int column = i % TestInference.CLASSES;
        expected[i] = all[some[i / TestInference.CLASSES] * TestInference.CLASSES + column];
      }
      double difference = TestInference.difference(expected, found);
      assertTrue(difference < TOLERANCE, model + ": " + difference);
    }
  }

  /** Mapped rows of these models are read where they lie, others are gathered into batches. */
  @Test
  void rowsInPlaceRowsFromDiskAndRowsOnTheHeapGiveTheSameBits() {
    Path saved = folder.resolve("saved");
    try (GraphDataset heap = TestInference.dataset(TestInference.graphWithHub(6, NUM_NODES))) {
      heap.save(saved);
      for (GraphModel model :
          List.of(
              GraphSage.of(4, 2), GraphSage.of(4, 3).aggregator(Aggregator.MAX), Mlp.of(4, 2))) {
        ModelFile file = file(model, 6);
        Path work = folder.resolve("work" + model.hashCode());
        float[] expected = TestInference.logits(heap, file, work.resolve("heap"), it -> it);
        for (StorageMode mode : List.of(StorageMode.MAPPED, StorageMode.DISK)) {
          try (GraphDataset data = GraphDataset.open(saved, mode)) {
            float[] found = TestInference.logits(data, file, work.resolve(mode.name()), it -> it);
            assertArrayEquals(expected, found, model + " " + mode);
          }
        }
      }
    }
  }

  /** With little memory there are many chunks, and fewer threads than are set. */
  @Test
  void howManyThreadsComputeRowsInPlaceChangesNoBit() {
    Path saved = folder.resolve("saved");
    ModelFile file = file(GraphSage.of(4, 3), 6);
    try (GraphDataset made = TestInference.dataset(TestInference.graphWithHub(6, 20_000))) {
      made.save(saved);
    }
    try (GraphDataset data = GraphDataset.open(saved, StorageMode.MAPPED)) {
      float[] expected =
          TestInference.logits(data, file, folder.resolve("one"), it -> it.computeThreads(1));
      for (int threads : List.of(2, 3, 8)) {
        Path work = folder.resolve("threads" + threads);
        float[] found =
            TestInference.logits(
                data, file, work, it -> it.computeThreads(threads).memory(1 << 20));
        assertArrayEquals(expected, found, threads + " threads");
      }
    }
  }

  @Test
  void theHubIsComputedInPartsAndNoSlotGrows() {
    SmallGraph graph = TestInference.graphWithHub(5, NUM_NODES);
    try (GraphDataset data = TestInference.dataset(graph);
        GraphInference inference =
            GraphInference.builder(data, file(Gat.of(4, 2).heads(2), 5)).memory(1 << 20).build()) {
      InferenceReport report =
          inference.run(folder.resolve("out"), OutputOptions.PREDICTIONS, InferenceListener.NONE);
      for (PassReport pass : report.passes()) {
        assertEquals(1, pass.numLongRows(), pass.name());
        assertEquals(0, pass.slotGrowths(), pass.name());
        assertEquals(data.graph().numEdges(), pass.numEdges(), pass.name());
        assertEquals(NUM_NODES, pass.numNodes(), pass.name());
      }
    }
  }

  /** 5 columns, then 16, of all nodes take as much as the memory, or more. */
  @Test
  @Tag("exhaustive")
  void rowsThatDoNotFitTheMemoryGiveTheSame() {
    int numNodes = 30_000;
    SmallGraph graph = TestInference.graphWithHub(9, numNodes);
    ModelFile file = file(Gat.of(8, 2).heads(2), 9);
    try (GraphDataset made = TestInference.dataset(graph)) {
      made.save(folder.resolve("graph"));
    }
    try (GraphDataset data = GraphDataset.open(folder.resolve("graph"), StorageMode.MAPPED)) {
      float[] tight =
          TestInference.logits(
              data,
              file,
              folder.resolve("tight"),
              it -> it.rangeNodes(4096).pipeline(PipelineSettings.defaults().workers(2)));
      float[] ample =
          TestInference.logits(
              data, file, folder.resolve("ample"), it -> it.rangeNodes(4096).memory(1 << 26));
      assertTrue(TestInference.difference(ample, tight) < TOLERANCE);
    }
  }

  /** A model of a user's own that sums over edges itself. */
  record OwnModel(int hidden) implements GraphModel {
    @Override
    public int numHops() {
      return 2;
    }

    @Override
    public GraphBlock newBlock(int inputDim, int numClasses) {
      return new OwnBlock(inputDim, hidden, numClasses);
    }
  }

  private static final class OwnBlock extends GraphBlock {
    private final LinearLayer[] linear = new LinearLayer[2];

    OwnBlock(int inputDim, int hidden, int numClasses) {
      super(2, inputDim, hidden, numClasses);
      for (int l = 0; l < 2; l++) {
        linear[l] = LinearLayer.withBias("w" + l, "b" + l, stateDim(l), stateDim(l + 1));
        linear[l].parameters().forEach(this::addParameter);
      }
    }

    @Override
    protected NDArray layer(int layer, NDArray state, MfgTensors edges, ForwardPass pass) {
      int[] rows = edges.rows().toType(DataType.INT32, false).toIntArray();
      int[] sources = edges.indices().toIntArray();
      NDArray sum = edges.destinations(state).mul(0.5);
      for (int v = 0; v < edges.numDst(); v++) {
        for (int e = 0; e < rows.length; e++) {
          if (rows[e] == v) {
            sum.get(v).addi(state.get(sources[e]).div(1000));
          }
        }
      }
      return linear[layer].forward(pass, sum);
    }
  }

  @Test
  void aModelThatReadsItsEdgesItselfIsGivenLongRowsWhole() {
    SmallGraph graph = TestInference.graphWithHub(6, 20);
    graph.neighbors()[TestInference.HUB] =
        Arrays.copyOf(graph.neighbors()[TestInference.HUB], 1500);
    ModelFile file = file(new OwnModel(4), 6);
    InferenceMode all = InferenceMode.sampled(Fanout.of(-1, -1));
    try (GraphDataset data = TestInference.dataset(graph)) {
      float[] exact = TestInference.logits(data, file, folder.resolve("exact"), it -> it);
      float[] sampled =
          TestInference.logits(data, file, folder.resolve("sampled"), it -> it.mode(all));
      assertTrue(TestInference.difference(sampled, exact) < TOLERANCE);
    }
  }

  @Test
  void aRowThatIsNeededWholeAndTakesMoreThanHalfOfTheMemoryIsRefused() {
    SmallGraph graph = TestInference.graphWithHub(6, 20);
    graph.neighbors()[TestInference.HUB] = IntStream.range(0, 9000).map(i -> i % 20).toArray();
    ModelFile file = file(new OwnModel(4), 6);
    try (GraphDataset data = TestInference.dataset(graph)) {
      BadInputException e =
          assertThrows(
              BadInputException.class,
              () -> TestInference.logits(data, file, folder.resolve("work"), it -> it));
      assertTrue(e.getMessage().contains("needBytes="), e.getMessage());
    }
  }

  @Test
  void aGraphOfOneNodeHasAResult() {
    SmallGraph graph = new SmallGraph(new int[1][0], SmallGraph.random(1, 1, TestInference.IN).x());
    GraphModel model = GraphSage.of(4, 2);
    ModelFile file = file(model, 1);
    try (GraphDataset data = TestInference.dataset(graph)) {
      float[] found = TestInference.logits(data, file, folder.resolve("work"), it -> it);
      float[] expected = TestInference.reference(file, model, graph);
      assertTrue(TestInference.difference(expected, found) < TOLERANCE);
    }
  }

  @Test
  void accuracyEqualsTheEvaluationOfTraining() {
    Path saved = folder.resolve("model");
    GraphModel model = GraphSage.of(16, 2);
    try (GraphDataset data = Planted.dataset();
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(model)
                .fanout(5, 5)
                .evalFanout(-1, -1)
                .batchSize(100)
                .saveTo(saved)
                .build()) {
      FitResult fit = trainer.fit(2, TrainingListener.NONE);
      try (GraphInference inference =
          GraphInference.builder(data, ModelFile.read(saved)).rangeNodes(500).build()) {
        InferenceReport report =
            inference.run(folder.resolve("out"), OutputOptions.PREDICTIONS, InferenceListener.NONE);
        Evaluation test = report.scores().get(Split.TEST);
        assertEquals(fit.test().accuracy(), test.accuracy());
        assertEquals(fit.test().loss(), test.loss(), 1e-5);
        assertEquals(fit.test().numNodes(), test.numNodes());
        assertEquals(3, report.scores().size());
      }
    }
  }

  /** The number of compute threads is the process's, and another may have changed it. */
  @Test
  void eachInferenceComputesWithTheThreadsItWasBuiltWith() {
    SmallGraph graph = TestInference.graphWithHub(2, NUM_NODES);
    ModelFile file = file(GraphSage.of(4, 2), 2);
    int before = TorchEngine.computeThreads();
    try (GraphDataset data = TestInference.dataset(graph);
        GraphInference one = GraphInference.builder(data, file).computeThreads(1).build();
        GraphInference three = GraphInference.builder(data, file).computeThreads(3).build()) {
      three.run(folder.resolve("three"), OutputOptions.PREDICTIONS, InferenceListener.NONE);
      assertEquals(3, TorchEngine.computeThreads());
      one.run(folder.resolve("one"), OutputOptions.PREDICTIONS, InferenceListener.NONE);
      assertEquals(1, TorchEngine.computeThreads());
      three.results(folder.resolve("work"), InferenceListener.NONE).close();
      assertEquals(3, TorchEngine.computeThreads());
    } finally {
      TorchEngine.computeThreads(before);
    }
  }

  /** JSON has no such number. */
  @Test
  void aLossThatIsNotFiniteIsLeftOutOfTheManifest() throws IOException {
    float[] huge = new float[4 * TestInference.IN];
    Arrays.fill(huge, 3e38f);
    ModelFile file = file(GraphSage.of(64, 2), 7);
    Path out = folder.resolve("out");
    try (GraphDataset data =
            GraphDataset.builder("huge", TestInference.emptyGraph(4))
                .features(FeatureMatrix.of(TestInference.IN, huge))
                .labels(NodeLabels.of(TestInference.CLASSES, new int[] {0, 1, 2, 0}))
                .split(Split.TEST, new int[] {0, 1, 2, 3})
                .build();
        GraphInference inference = GraphInference.builder(data, file).build()) {
      InferenceReport report =
          inference.run(out, OutputOptions.PREDICTIONS, InferenceListener.NONE);
      assertFalse(Double.isFinite(report.scores().get(Split.TEST).loss()), "a test of nothing");
    }
    JsonObject manifest =
        JsonParser.parseString(Files.readString(out.resolve("manifest.json"))).getAsJsonObject();
    JsonObject test = manifest.getAsJsonObject("splits").getAsJsonObject("test");
    assertEquals(4, test.get("num_nodes").getAsInt());
    assertFalse(test.has("loss"), test.toString());
  }

  @Test
  @Tag("exhaustive")
  void sampledResultsAreThoseOfTheirSeed() {
    SmallGraph graph = TestInference.graphWithHub(8, NUM_NODES);
    ModelFile file = file(GraphSage.of(4, 2), 8);
    InferenceMode once = InferenceMode.sampled(Fanout.of(2, 2)).batchSize(10);
    InferenceMode often = InferenceMode.sampled(Fanout.of(2, 2)).batchSize(10).repeats(300);
    try (GraphDataset data = TestInference.dataset(graph)) {
      float[] first = TestInference.logits(data, file, folder.resolve("1"), it -> it.mode(once));
      float[] again =
          TestInference.logits(
              data,
              file,
              folder.resolve("2"),
              it -> it.mode(once).pipeline(PipelineSettings.defaults().workers(3)));
      assertArrayEquals(first, again);
      float[] other =
          TestInference.logits(data, file, folder.resolve("3"), it -> it.mode(once).seed(1));
      assertTrue(TestInference.difference(first, other) > 1e-3);
      float[] many = TestInference.logits(data, file, folder.resolve("4"), it -> it.mode(often));
      float[] exact = TestInference.logits(data, file, folder.resolve("5"), it -> it);
      assertTrue(
          TestInference.difference(exact, many) < TestInference.difference(exact, first) / 2);
    }
  }

  private ModelFile file(GraphModel model, long seed) {
    return TestInference.model(
        folder.resolve("model" + seed), model, TestInference.IN, TestInference.CLASSES, seed);
  }
}
