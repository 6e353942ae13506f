package io.millrace.training.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.overlay.GraphOverlay;
import io.millrace.datasets.overlay.GraphVersion;
import io.millrace.datasets.overlay.NewNode;
import io.millrace.sampler.LargeNeighborhoodException;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.ResultChunk;
import io.millrace.training.inference.TestInference;
import io.millrace.training.models.Gat;
import io.millrace.training.models.Gatv2;
import io.millrace.training.models.Gcn;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.models.SmallGraph;
import io.millrace.training.nn.GraphModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeScorerTest {
  private static final int NODES = 300;
  private static final float CLOSE = 1e-5f;

  @TempDir Path folder;

  private final SmallGraph graph = SmallGraph.random(3, NODES, TestInference.IN);
  private final GraphDataset data = TestInference.dataset(graph);

  private ModelFile model(GraphModel model) {
    return TestInference.model(
        folder.resolve("m"), model, TestInference.IN, TestInference.CLASSES, 5);
  }

  @Test
  void exactAnswersAreThoseOfInference() {
    for (GraphModel kind : List.of(GraphSage.of(8, 2), Gcn.of(8, 3), Gat.of(8, 2), Mlp.of(8, 2))) {
      ModelFile model = model(kind);
      float[] expected =
          TestInference.logits(data, model, folder.resolve(kind.getClass().getName()), b -> b);
      try (NodeScorer scorer = NodeScorer.builder(data, model).build()) {
        int[] all = IntStream.range(0, NODES).toArray();
        assertArrayEquals(expected, scorer.score(all).logits(), CLOSE, kind.toString());
        int dim = TestInference.CLASSES;
        float[] row = Arrays.copyOfRange(expected, 9 * dim, 10 * dim);
        assertArrayEquals(row, scorer.score(9).logits(), CLOSE, kind.toString());
      }
    }
  }

  @Test
  void sampledAnswerIsTheSameAloneAndInCompanyAndFromManyThreads() throws Exception {
    ModelFile model = model(GraphSage.of(8, 2));
    try (NodeScorer scorer =
            NodeScorer.builder(data, model)
                .fanout(2, 2)
                .seed(7)
                .embeddings(true)
                .threads(3)
                .build();
        ExecutorService callers = Executors.newFixedThreadPool(8)) {
      int[] all = IntStream.range(0, NODES).toArray();
      ResultChunk together = scorer.score(all);
      List<Future<ResultChunk>> alone =
          IntStream.range(0, NODES).mapToObj(v -> callers.submit(() -> scorer.score(v))).toList();
      for (int v = 0; v < NODES; v++) {
        assertArrayEquals(together.probabilities(v), alone.get(v).get().probabilities(0), CLOSE);
        assertArrayEquals(together.embedding(v), alone.get(v).get().embedding(0), CLOSE);
      }
      assertEquals(8, scorer.embeddingDim());
    }
    try (NodeScorer other = NodeScorer.builder(data, model).fanout(2, 2).seed(8).build();
        NodeScorer scorer = NodeScorer.builder(data, model).fanout(2, 2).seed(7).build()) {
      int[] all = IntStream.range(0, NODES).toArray();
      float[] first = scorer.score(all).logits();
      float[] second = other.score(all).logits();
      assertTrue(
          IntStream.range(0, first.length).anyMatch(i -> Math.abs(first[i] - second[i]) > 0.01),
          "the seed chooses the samples");
    }
  }

  @Test
  void featuresOnDiskGiveTheSameAnswers() {
    ModelFile model = model(GraphSage.of(8, 2));
    int[] all = IntStream.range(0, NODES).toArray();
    data.save(folder.resolve("saved"));
    try (GraphDataset onDisk = GraphDataset.open(folder.resolve("saved"), StorageMode.DISK);
        NodeScorer expected = NodeScorer.builder(data, model).build();
        NodeScorer found = NodeScorer.builder(onDisk, model).threads(2).build()) {
      assertArrayEquals(expected.score(all).logits(), found.score(all).logits());
    }
  }

  @Test
  void repeatedNodesGetARowEach() {
    try (NodeScorer scorer = NodeScorer.builder(data, model(GraphSage.of(8, 2))).build()) {
      ResultChunk rows = scorer.score(4, 9, 4);
      assertArrayEquals(rows.probabilities(0), rows.probabilities(2));
      assertArrayEquals(new int[] {4, 9, 4}, rows.nodes());
      assertEquals(0, scorer.score().size());
    }
  }

  @Test
  void newNodeIsAnsweredAsInTheRebuiltDataset() {
    Random random = new Random(1);
    List<NewNode> nodes =
        List.of(
            new NewNode(features(random), 3, 200, 7, 3),
            new NewNode(features(random)),
            new NewNode(features(random), 7));
    GraphOverlay overlay = GraphOverlay.of(data);
    for (NewNode node : nodes) {
      int id = overlay.addNode(node.features());
      Arrays.stream(node.neighbors()).forEach(from -> overlay.addEdge(from, id));
    }
    overlay.commit();
    overlay.compact(folder.resolve("rebuilt"));
    int[] ids = {NODES, NODES + 1, NODES + 2};
    for (GraphModel kind : List.of(GraphSage.of(8, 2), Gcn.of(8, 2))) {
      ModelFile model = model(kind);
      try (GraphDataset rebuilt = GraphDataset.open(folder.resolve("rebuilt"));
          NodeScorer scorer = NodeScorer.builder(data, model).fanout(2, 3).build();
          NodeScorer exact = NodeScorer.builder(data, model).build();
          NodeScorer exactThere = NodeScorer.builder(rebuilt, model).build();
          NodeScorer there = NodeScorer.builder(rebuilt, model).fanout(2, 3).build()) {
        assertArrayEquals(there.score(ids).logits(), scorer.scoreNew(nodes).logits(), CLOSE);
        assertArrayEquals(exactThere.score(ids).logits(), exact.scoreNew(nodes).logits(), CLOSE);
        float[] inferred =
            TestInference.logits(
                rebuilt, model, folder.resolve("w" + kind.getClass().getSimpleName()), b -> b);
        assertArrayEquals(
            Arrays.copyOfRange(inferred, NODES * 3, NODES * 3 + 9),
            exact.scoreNew(nodes).logits(),
            CLOSE);
        assertThrows(BadInputException.class, () -> exact.score(NODES), "the graph stays");
      }
    }
  }

  @Test
  void changedGraphIsAnsweredAsTheCompactedOne() {
    Random random = new Random(2);
    GraphOverlay overlay = GraphOverlay.of(data);
    ModelFile model = model(GraphSage.of(8, 2));
    try (NodeScorer scorer = NodeScorer.builder(overlay, model).fanout(2, 3).build()) {
      GraphVersion first = scorer.version();
      float[] before = scorer.score(1, 2, 3).logits();
      for (int i = 0; i < 40; i++) {
        overlay.addNode(features(random));
      }
      for (int i = 0; i < 2000; i++) {
        overlay.addEdge(random.nextInt(NODES + 40), random.nextInt(NODES + 40));
      }
      assertArrayEquals(before, scorer.score(1, 2, 3).logits(), "not committed");
      overlay.commit();
      overlay.compact(folder.resolve("rebuilt"));
      int[] all = IntStream.range(0, NODES + 40).toArray();
      try (GraphDataset rebuilt = GraphDataset.open(folder.resolve("rebuilt"));
          NodeScorer there = NodeScorer.builder(rebuilt, model).fanout(2, 3).build()) {
        assertArrayEquals(there.score(all).logits(), scorer.score(all).logits(), CLOSE);
      }
      assertArrayEquals(before, scorer.score(first, 1, 2, 3).logits(), "a version stays as it is");
    }
  }

  @Test
  void neighbourhoodOfAHubIsRefusedByNameAndHarmsNobodyElse() {
    SmallGraph hub = TestInference.graphWithHub(4, NODES);
    GraphDataset hubData = TestInference.dataset(hub);
    int quiet = quietNode(hub);
    try (NodeScorer scorer =
        NodeScorer.builder(hubData, model(GraphSage.of(8, 1))).maxEdges(1000).build()) {
      LargeNeighborhoodException e =
          assertThrows(LargeNeighborhoodException.class, () -> scorer.score(quiet, 7, 8));
      assertEquals(
          "neighbourhood has too many edges: node=7, numNodes=1, maxEdges=1000", e.getMessage());
      assertEquals(1, scorer.score(quiet).size());
      int[] others = IntStream.range(8, NODES).toArray(); // together they have more than 1000
      assertEquals(NODES - 8, scorer.score(others).size());
    }
  }

  private long maxEdges(NodeScorerBuilder builder) {
    try (NodeScorer scorer = builder.build()) {
      return scorer.maxEdges();
    }
  }

  /** A layer of GATv2 holds 5 rows of 64 values for each edge. */
  @Test
  void edgesOfARequestAreBoundedByTheBytesThatTheModelHoldsForThem() {
    ModelFile gatv2 = model(Gatv2.of(64, 2));
    assertEquals(1 << 22, maxEdges(NodeScorer.builder(data, model(GraphSage.of(8, 2)))));
    long perEdge = 5 * 64 * Float.BYTES;
    assertEquals((1L << 30) / perEdge, maxEdges(NodeScorer.builder(data, gatv2)));
    assertEquals(1 << 23, maxEdges(NodeScorer.builder(data, gatv2).maxEdges(1 << 23)));
  }

  private static int quietNode(SmallGraph graph) {
    return IntStream.range(10, NODES)
        .filter(v -> graph.neighbors()[v].length == 1)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void rejectsWhatDoesNotFit() {
    ModelFile model = model(GraphSage.of(8, 2));
    assertThrows(BadInputException.class, () -> NodeScorer.builder(data, model).fanout(3).build());
    try (NodeScorer scorer = NodeScorer.builder(data, model).build()) {
      assertThrows(BadInputException.class, () -> scorer.score(-1));
      assertThrows(BadInputException.class, () -> scorer.score(NODES));
      assertThrows(
          BadInputException.class, () -> scorer.scoreNew(List.of(new NewNode(new float[2]))));
      assertThrows(
          BadInputException.class,
          () -> scorer.scoreNew(List.of(new NewNode(new float[TestInference.IN], NODES))));
    }
  }

  private static float[] features(Random random) {
    float[] row = new float[TestInference.IN];
    for (int c = 0; c < row.length; c++) {
      row[c] = (float) random.nextGaussian();
    }
    return row;
  }
}
