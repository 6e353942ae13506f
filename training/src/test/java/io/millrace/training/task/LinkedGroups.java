package io.millrace.training.task;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.datasets.links.LinkSplit;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.Norm;
import io.millrace.transfer.DeviceChoice;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;

/**
 * A graph in which nodes of a group are linked, with links held out; a node's features tell its
 * group, with noise.
 */
final class LinkedGroups {
  static final int NUM_NODES = 600;
  private static final int GROUPS = 12;

  private LinkedGroups() {}

  /** Writes it; {@link GraphDataset#open} and {@link HeldOutLinks#read} read it. */
  static Path write(Path directory) {
    Random random = new Random(3);
    TreeSet<Long> edges = new TreeSet<>();
    while (edges.size() < 2 * 5 * NUM_NODES) {
      int u = random.nextInt(NUM_NODES);
      int v =
          random.nextInt(8) == 0
              ? random.nextInt(NUM_NODES)
              : u % GROUPS + GROUPS * random.nextInt(NUM_NODES / GROUPS);
      if (u != v) {
        edges.add((long) u << 32 | v);
        edges.add((long) v << 32 | u);
      }
    }
    float[] features = new float[NUM_NODES * GROUPS];
    for (int i = 0; i < features.length; i++) {
      int node = i / GROUPS;
      features[i] = (float) random.nextGaussian() + (node % GROUPS == i % GROUPS ? 2 : 0);
    }
    Path out = directory.resolve("links");
    try (GraphDataset whole =
        GraphDataset.builder("groups", graph(edges))
            .features(FeatureMatrix.of(GROUPS, features))
            .build()) {
      new LinkSplit(0.05, 0.1, 1, 0).write(whole, out);
    }
    return out;
  }

  private static CsrGraph graph(TreeSet<Long> edges) {
    long[] indptr = new long[NUM_NODES + 1];
    edges.forEach(edge -> indptr[(int) (edge >>> 32) + 1]++);
    Arrays.parallelPrefix(indptr, Long::sum);
    return CsrGraph.of(indptr, edges.stream().mapToInt(Long::intValue).toArray());
  }

  static TrainerBuilder trainer(GraphDataset data, LinkObjective objective) {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(32, 2).norm(Norm.NONE).dropout(0))
        .links(objective.dim(16))
        .fanout(5, 5)
        .batchSize(256)
        .learningRate(0.01)
        .computeThreads(1)
        .device(DeviceChoice.CPU)
        .seed(5);
  }
}
