package io.millrace.training.inference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.inference.chunks.NodeSet;
import io.millrace.training.loss.Criterion;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.training.metrics.Scores;
import io.millrace.training.nn.BatchTensors;
import io.millrace.training.torch.LibTorch;
import io.millrace.training.torch.TorchEngine;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates the results of an inference on some nodes, as training does. Used by one thread.
 *
 * @param labels labels of all nodes
 * @param criterion of the training, or the default one for these labels; without class weights
 * @param metric of the training, if it is the user's own
 */
record SplitScores(
    InferenceResults results,
    NodeLabels labels,
    Criterion criterion,
    Optional<Metric> metric,
    NDManager manager) {
  /** The scores of each split with a labelled node among the results. */
  static Map<Split, Evaluation> of(InferenceSettings settings, InferenceResults results) {
    Map<Split, Evaluation> scores = new EnumMap<>(Split.class);
    Optional<GraphDataset> answered = answered(settings.data(), settings.info());
    if (answered.isEmpty()) {
      return scores;
    }
    GraphDataset data = answered.get();
    NodeLabels labels = data.labels();
    NodeSet nodes = settings.nodeSet();
    AnswerKind kind = AnswerKind.of(labels);
    Loss loss = settings.info().objective().findLoss(kind).orElse(Loss.usual(kind));
    Optional<Metric> metric = settings.info().objective().findMetric(kind);
    try (NDManager manager = TorchEngine.newManager()) {
      Criterion criterion = Criterion.of(manager, loss, labels, Optional.empty());
      SplitScores scorer = new SplitScores(results, labels, criterion, metric, manager);
      for (Split split : Split.values()) {
        int[] labelled = data.hasSplit(split) ? labelled(data, split, nodes) : new int[0];
        if (labelled.length > 0) {
          scores.put(split, scorer.score(labelled));
        }
      }
    }
    return scores;
  }

  /** The dataset with its labels or targets, if they are of the kind that the model learned. */
  static Optional<GraphDataset> answered(GraphDataset data, ModelInfo info) {
    if (info.targets() ? !data.hasTargets() : !data.hasLabels()) {
      return Optional.empty();
    }
    GraphDataset answered = info.targets() ? data.withTargetsAsLabels() : data;
    return Optional.of(answered)
        .filter(it -> it.labels().numClasses() == info.numClasses())
        .filter(it -> AnswerKind.of(it.labels()) == info.answers());
  }

  private static int[] labelled(GraphDataset data, Split split, NodeSet nodes) {
    return Arrays.stream(data.nodes(split))
        .filter(v -> nodes.next(v) == v && data.labels().isLabelled(v))
        .toArray();
  }

  private Evaluation score(int[] nodes) {
    Scores scores = Scores.ofEvaluation(labels, metric);
    int step = results.chunkNodes();
    for (int begin = 0; begin < nodes.length; begin += step) {
      add(Arrays.copyOfRange(nodes, begin, Math.min(nodes.length, begin + step)), scores);
    }
    return scores.sum();
  }

  private void add(int[] nodes, Scores scores) {
    try (Arena arena = Arena.ofConfined();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      MemorySegment known = known(nodes, arena);
      MemorySegment values = arena.allocateFrom(JAVA_FLOAT, results.chunk(nodes).logits());
      Shape shape = new Shape(nodes.length, results.numClasses());
      NDArray logits = LibTorch.tensor(manager, Device.cpu(), values, DataType.FLOAT32, shape);
      NDArray loss = criterion.sum(logits, targets(known, nodes.length));
      int numTerms = criterion.numTerms(labels, nodes);
      scores.add(loss.getFloat() / numTerms, numTerms, logits, known);
    }
  }

  private MemorySegment known(int[] nodes, Arena arena) {
    long rowBytes = labels.rowBytes();
    MemorySegment known = arena.allocate(nodes.length * rowBytes, Integer.BYTES);
    for (int i = 0; i < nodes.length; i++) {
      MemorySegment.copy(labels.values(), nodes[i] * rowBytes, known, i * rowBytes, rowBytes);
    }
    return known;
  }

  /** The labels as an array, in the form of {@link BatchTensors}. */
  private NDArray targets(MemorySegment known, int count) {
    if (labels.isTargets()) {
      Shape shape = new Shape(count, labels.numClasses());
      return LibTorch.tensor(manager, Device.cpu(), known, DataType.FLOAT32, shape);
    }
    return labels.isMultiLabel()
        ? LibTorch.tensor(
            manager, Device.cpu(), known, DataType.INT8, new Shape(count, labels.numClasses()))
        : LibTorch.tensor(manager, Device.cpu(), known, DataType.INT32, new Shape(count))
            .toType(DataType.INT64, false);
  }
}
