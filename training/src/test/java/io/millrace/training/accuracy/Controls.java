package io.millrace.training.accuracy;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Datasets with one thing made meaningless: what is still learned then comes from elsewhere. */
final class Controls {
  private Controls() {}

  /** The training nodes have one another's labels. */
  static GraphDataset shuffledTrainingLabels(GraphDataset data, long seed) {
    int[] labels = data.labels().values().toArray(ValueLayout.JAVA_INT);
    int[] nodes = data.nodes(Split.TRAIN);
    Random random = new Random(seed);
    for (int i = nodes.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int label = labels[nodes[i]];
      labels[nodes[i]] = labels[nodes[j]];
      labels[nodes[j]] = label;
    }
    return with(data, data.graph(), NodeLabels.of(data.labels().numClasses(), labels));
  }

  /** Each node has as many neighbours as before, but somebody's. */
  static GraphDataset rewired(GraphDataset data, long seed) {
    long[] indptr = data.graph().indptr().toArray(ValueLayout.JAVA_LONG);
    int[] indices = data.graph().indices().toArray(ValueLayout.JAVA_INT);
    Random random = new Random(seed);
    for (int i = indices.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int node = indices[i];
      indices[i] = indices[j];
      indices[j] = node;
    }
    return with(data, CsrGraph.of(indptr, indices), data.labels());
  }

  private static GraphDataset with(GraphDataset data, CsrGraph graph, NodeLabels labels) {
    GraphDataset.Builder builder =
        GraphDataset.builder("control", graph).features(data.features()).labels(labels);
    for (Split split : Split.values()) {
      builder.split(split, data.nodes(split));
    }
    return builder.build();
  }
}
