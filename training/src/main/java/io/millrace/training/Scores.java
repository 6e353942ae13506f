package io.millrace.training;

import ai.djl.ndarray.NDArray;

/** Adds up loss and right predictions over batches. One thread. */
final class Scores {
  private double lossSum;
  private long numCorrect;
  private long numLabelled;

  /**
   * @param meanLoss over the batch's labelled seeds
   * @param logits {@code [numSeeds x numClasses]}, on the CPU
   * @param labels int64 {@code [numSeeds]}, on the CPU; -1 where unknown
   */
  void add(double meanLoss, NDArray logits, NDArray labels) {
    long[] predicted;
    try (NDArray best = logits.argMax(1)) {
      predicted = best.toLongArray();
    }
    long[] known = labels.toLongArray();
    int labelled = 0;
    for (int i = 0; i < known.length; i++) {
      labelled += known[i] >= 0 ? 1 : 0;
      numCorrect += predicted[i] == known[i] ? 1 : 0;
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
