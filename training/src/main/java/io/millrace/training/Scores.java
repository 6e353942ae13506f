package io.millrace.training;

import ai.djl.ndarray.NDArray;
import io.millrace.datasets.NodeLabels;
import java.lang.foreign.MemorySegment;

/** Adds up losses and compares predictions with labels, batch by batch. One thread. */
abstract sealed class Scores permits ClassScores, MultiLabelScores {
  private double lossSum;
  private long numTerms;

  /** Of nodes while they are learned from: what can be counted. */
  static Scores ofTraining(NodeLabels labels) {
    return of(labels, false);
  }

  /** All figures; the scores of all nodes are kept where ROC AUC asks for them. */
  static Scores ofEvaluation(NodeLabels labels) {
    return of(labels, true);
  }

  private static Scores of(NodeLabels labels, boolean all) {
    return labels.isMultiLabel()
        ? new MultiLabelScores(labels.numClasses(), all)
        : new ClassScores(labels.numClasses(), all);
  }

  /**
   * @param meanLoss over the batch's terms
   * @param terms labelled seeds, or answers, that the loss is the mean of
   * @param logits {@code [numSeeds x numClasses]}
   * @param labels of the seeds, as {@link NodeLabels} has them
   */
  final void add(double meanLoss, int terms, NDArray logits, MemorySegment labels) {
    lossSum += meanLoss * terms;
    numTerms += terms;
    count(logits, labels);
  }

  abstract void count(NDArray logits, MemorySegment labels);

  /** The mean so far; 0 if no labelled node was seen. */
  final double loss() {
    return lossSum / Math.max(1, numTerms);
  }

  /** The figures so far; zeros if no labelled node was seen. */
  abstract Evaluation sum();
}
