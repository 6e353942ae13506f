package io.millrace.training;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import ai.djl.ndarray.NDArray;
import java.lang.foreign.MemorySegment;

/** Adds up loss and right predictions over batches. One thread. */
final class Scores {
  private double lossSum;
  private long numCorrect;
  private long numLabelled;

  /**
   * What was added up so far.
   *
   * @param loss of all labelled seeds together
   */
  record Sums(double loss, long numCorrect, long numLabelled) {
    static final Sums NONE = new Sums(0, 0, 0);
  }

  Scores() {
    this(Sums.NONE);
  }

  /** Goes on from another's {@link #sums}. */
  Scores(Sums before) {
    lossSum = before.loss;
    numCorrect = before.numCorrect;
    numLabelled = before.numLabelled;
  }

  Sums sums() {
    return new Sums(lossSum, numCorrect, numLabelled);
  }

  /** The number of seeds of a batch whose label is known. */
  static int numLabelled(MemorySegment labels) {
    int count = 0;
    for (long i = 0; i < labels.byteSize() / Integer.BYTES; i++) {
      count += labels.getAtIndex(JAVA_INT, i) >= 0 ? 1 : 0;
    }
    return count;
  }

  /**
   * @param meanLoss over the batch's labelled seeds
   * @param logits {@code [numSeeds x numClasses]}
   * @param labels int32 {@code [numSeeds]}
   */
  void add(double meanLoss, NDArray logits, MemorySegment labels) {
    long[] predicted;
    try (NDArray best = logits.argMax(1)) {
      predicted = best.toLongArray();
    }
    int labelled = numLabelled(labels);
    for (int i = 0; i < predicted.length; i++) {
      numCorrect += predicted[i] == labels.getAtIndex(JAVA_INT, i) ? 1 : 0;
    }
    lossSum += meanLoss * labelled;
    numLabelled += labelled;
  }

  /** The figures so far; zeros if no labelled node was seen. */
  Evaluation sum() {
    double n = Math.max(1, numLabelled);
    return new Evaluation(numCorrect / n, lossSum / n, numLabelled);
  }
}
