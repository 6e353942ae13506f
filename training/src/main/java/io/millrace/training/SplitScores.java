package io.millrace.training;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** How right an inference's results are on the splits, as training evaluates. Stateless. */
final class SplitScores {
  private SplitScores() {}

  /** For each split of which a labelled node is among the results. */
  static Map<Split, Evaluation> of(
      GraphDataset data, InferenceResults results, NodeSet nodes, NDManager manager) {
    Map<Split, Evaluation> scores = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      if (data.hasLabels() && data.hasSplit(split)) {
        int[] labelled = labelled(data, split, nodes, results.numClasses());
        if (labelled.length > 0) {
          scores.put(split, score(labelled, data.labels(), results, manager));
        }
      }
    }
    return scores;
  }

  private static int[] labelled(GraphDataset data, Split split, NodeSet nodes, int numClasses) {
    return Arrays.stream(data.nodes(split))
        .filter(v -> nodes.next(v) == v)
        .filter(v -> data.labels().get(v) >= 0 && data.labels().get(v) < numClasses)
        .toArray();
  }

  private static Evaluation score(
      int[] nodes, NodeLabels labels, InferenceResults results, NDManager manager) {
    Scores scores = new Scores();
    int step = results.blockNodes();
    for (int begin = 0; begin < nodes.length; begin += step) {
      int[] some = Arrays.copyOfRange(nodes, begin, Math.min(nodes.length, begin + step));
      add(results.block(some), labels, scores, manager);
    }
    return scores.sum();
  }

  private static void add(ResultBlock block, NodeLabels labels, Scores scores, NDManager manager) {
    try (Arena arena = Arena.ofConfined();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      MemorySegment known =
          arena.allocateFrom(JAVA_INT, Arrays.stream(block.nodes()).map(labels::get).toArray());
      NDArray logits =
          LibTorch.tensor(
              manager,
              arena.allocateFrom(ValueLayout.JAVA_FLOAT, block.logits()),
              DataType.FLOAT32,
              new Shape(block.size(), block.numClasses()));
      NDArray targets =
          LibTorch.tensor(manager, known, DataType.INT32, new Shape(block.size()))
              .toType(DataType.INT64, false);
      scores.add(CrossEntropy.mean(logits, targets).getFloat(), logits, known);
    }
  }
}
