package io.millrace.training.metrics;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import ai.djl.ndarray.NDArray;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/** {@link Scores} of nodes of one class each: the predicted one has the largest logit. */
final class ClassScores extends Scores {
  private final ClassCounts counts;
  private final Optional<long[][]> confusion;
  private final Optional<RocAuc> rocAuc;
  private long numCorrect;
  private long numNodes;

  /**
   * @param all whether confusion matrix and ROC AUC are asked for
   */
  ClassScores(int numClasses, boolean all, Optional<Metric> own) {
    super(own);
    counts = new ClassCounts(numClasses);
    confusion =
        all && numClasses <= ConfusionMatrix.MAX_CLASSES
            ? Optional.of(new long[numClasses][numClasses])
            : Optional.empty();
    rocAuc = all && numClasses == 2 ? Optional.of(new RocAuc()) : Optional.empty();
  }

  @Override
  void count(NDArray logits, MemorySegment labels) {
    long[] predicted;
    try (NDArray best = logits.argMax(1)) {
      predicted = best.toLongArray();
    }
    for (int i = 0; i < predicted.length; i++) {
      int label = labels.getAtIndex(JAVA_INT, i);
      if (label != NodeLabels.UNLABELLED) {
        int guess = (int) predicted[i];
        numNodes++;
        numCorrect += guess == label ? 1 : 0;
        counts.add(label, guess);
        confusion.ifPresent(matrix -> matrix[label][guess]++);
      }
    }
    rocAuc.ifPresent(auc -> rank(auc, logits, labels));
  }

  /** The log-odds of class 1 put the nodes into the same order as its probability. */
  private static void rank(RocAuc auc, NDArray logits, MemorySegment labels) {
    float[] values = logits.toFloatArray();
    for (int i = 0; i < values.length / 2; i++) {
      int label = labels.getAtIndex(JAVA_INT, i);
      if (label != NodeLabels.UNLABELLED) {
        auc.add(values[2 * i + 1] - values[2 * i], label == 1);
      }
    }
  }

  @Override
  float[] answers(MemorySegment labels, int row) {
    int label = labels.getAtIndex(JAVA_INT, row);
    return label == NodeLabels.UNLABELLED ? UNKNOWN : new float[] {label};
  }

  @Override
  void save(LongStream.Builder saved) {
    saved.add(numCorrect).add(numNodes);
    counts.save(saved);
  }

  @Override
  @Internal
  public void restore(Iterator<Long> saved) {
    numCorrect = saved.next();
    numNodes = saved.next();
    counts.restore(saved);
  }

  @Override
  Evaluation figures() {
    return new Evaluation(
        numCorrect / (double) Math.max(1, numNodes),
        counts.f1Micro(),
        counts.f1Macro(),
        rocAuc.map(RocAuc::value).orElse(OptionalDouble.empty()),
        loss(),
        numNodes,
        confusion.map(ConfusionMatrix::new));
  }
}
