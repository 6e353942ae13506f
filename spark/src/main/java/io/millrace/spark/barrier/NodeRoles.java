package io.millrace.spark.barrier;

import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Labels and splits that a training has in the place of the dataset's. Immutable.
 *
 * @param labels a class for each node, or -1; empty = the dataset's
 * @param splits the ordinal of each node's split plus 1, or 0
 * @param classes number of classes
 */
@Internal
public record NodeRoles(int[] labels, byte[] splits, int classes) implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** The dataset's own. */
  public static final NodeRoles OF_DATASET = new NodeRoles(new int[0], new byte[0], 0);

  /** The same graph with these labels and splits; the dataset stays the owner. */
  GraphDataset applyTo(GraphDataset data) {
    if (splits.length == 0) {
      return data;
    }
    NodeLabels own = labels.length == 0 ? data.labels() : NodeLabels.of(classes, labels);
    Map<Split, int[]> nodes = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      int code = split.ordinal() + 1;
      nodes.put(split, IntStream.range(0, splits.length).filter(v -> splits[v] == code).toArray());
    }
    if (isSame(data, own, nodes)) {
      return data; // its checksums are known
    }
    GraphDataset.Builder builder =
        GraphDataset.builder(data.name(), data.graph())
            .edges(data.edges())
            .features(data.features())
            .labels(own);
    nodes.forEach(builder::split);
    return builder.build();
  }

  private static boolean isSame(GraphDataset data, NodeLabels own, Map<Split, int[]> nodes) {
    return data.hasLabels()
        && data.labels().numClasses() == own.numClasses()
        && data.labels().values().mismatch(own.values()) < 0
        && nodes.entrySet().stream()
            .allMatch(
                it ->
                    data.hasSplit(it.getKey())
                        && Arrays.equals(sorted(data.nodes(it.getKey())), it.getValue()));
  }

  private static int[] sorted(int[] nodes) {
    Arrays.sort(nodes);
    return nodes;
  }
}
