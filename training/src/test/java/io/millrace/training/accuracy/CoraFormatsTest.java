package io.millrace.training.accuracy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.Split;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.Norm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * cora from OGB's csv and npz, from GraphBolt and from tables with names for ids: the same graph,
 * and the same training.
 */
@Tag("exhaustive")
class CoraFormatsTest {
  @TempDir private Path directory;

  /** What a short training came to, bit by bit. */
  private record Learned(long batchesDigest, List<Double> losses, double testAccuracy) {}

  private static Learned learned(GraphDataset data) {
    try (GraphTrainer trainer =
        GraphTrainer.builder(data)
            .model(GraphSage.of(16, 2).norm(Norm.NONE))
            .fanout(10, 10)
            .batchSize(64)
            .learningRate(0.01)
            .weightDecay(5e-4)
            .computeThreads(1)
            .seed(3)
            .build()) {
      FitResult result = trainer.fit(60, TrainingListener.NONE);
      List<Double> losses = result.epochs().stream().map(e -> e.training().loss()).toList();
      return new Learned(result.batchesDigest(), losses, result.test().accuracy());
    }
  }

  @Test
  void everyFormatGivesTheSameGraphAndTheSameTraining() throws IOException {
    CoraFormats cora = new CoraFormats(directory);
    try (GraphDataset csv = cora.ogbCsv()) {
      Learned need = learned(csv);
      assertTrue(need.testAccuracy > 0.75, need.toString());
      for (GraphDataset each : List.of(cora.ogbNpz(), cora.graphBolt(), cora.named(lines -> {}))) {
        try (each) {
          requireSame(csv, each, node -> node);
          assertEquals(need, learned(each), each.description().source());
        }
      }
    }
  }

  @Test
  void namesInAnotherOrderAreTheSameGraphByTheDictionaryAndTeachAsMuch() throws IOException {
    CoraFormats cora = new CoraFormats(directory);
    Random random = new Random(11);
    try (GraphDataset csv = cora.ogbCsv();
        GraphDataset named = cora.named(lines -> Collections.shuffle(lines, random))) {
      NodeDictionary names = named.dictionary().orElseThrow();
      int[] nodes = new int[csv.graph().numNodes()];
      Arrays.setAll(nodes, node -> names.node(CoraFormats.name(node)).orElseThrow());
      requireSame(csv, named, node -> nodes[node]);
      double need = learned(csv).testAccuracy;
      double found = learned(named).testAccuracy;
      assertEquals(need, found, 0.04); // three deviations of a run
    }
  }

  /**
   * @param same the node of the other dataset that is a node of the first one
   */
  private static void requireSame(GraphDataset need, GraphDataset found, IntUnaryOperator same) {
    String source = found.description().source();
    int numNodes = need.graph().numNodes();
    assertEquals(numNodes, found.graph().numNodes(), source);
    assertEquals(need.features().dim(), found.features().dim(), source);
    assertEquals(need.labels().numClasses(), found.labels().numClasses(), source);
    for (int node = 0; node < numNodes; node++) {
      int other = same.applyAsInt(node);
      int[] neighbors = Arrays.stream(row(need.graph(), node)).map(same).sorted().toArray();
      assertArrayEquals(neighbors, row(found.graph(), other), source + ", node " + node);
      for (int column = 0; column < need.features().dim(); column++) {
        float value = found.features().get(other, column);
        assertEquals(need.features().get(node, column), value, 0, source + ", node " + node);
      }
    }
    for (Split split : Split.values()) {
      int[] nodes = need.nodes(split);
      for (int node : nodes) {
        int label = found.labels().get(same.applyAsInt(node));
        assertEquals(need.labels().get(node), label, source + ", node " + node);
      }
      int[] sorted = Arrays.stream(found.nodes(split)).sorted().toArray();
      assertArrayEquals(Arrays.stream(nodes).map(same).sorted().toArray(), sorted, source);
    }
  }

  private static int[] row(CsrGraph graph, int node) {
    int[] neighbors = new int[graph.degree(node)];
    Arrays.setAll(neighbors, i -> graph.neighbor(graph.rowStart(node) + i));
    return neighbors;
  }
}
