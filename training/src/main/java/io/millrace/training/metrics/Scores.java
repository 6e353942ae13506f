package io.millrace.training.metrics;

import ai.djl.ndarray.NDArray;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;

/** Adds up losses and compares predictions with labels, batch by batch. One thread. */
@Internal
public abstract sealed class Scores permits ClassScores, MultiLabelScores {
  private double lossSum;
  private long numTerms;

  /**
   * The sums of an epoch of training so far.
   *
   * @param loss of all terms together
   * @param counts in an order of the class's own
   */
  public record Sums(double loss, List<Long> counts) {
    public static final Sums NONE = new Sums(0, List.of());

    public Sums {
      counts = List.copyOf(counts);
    }
  }

  /** For training: only what can be counted. */
  public static Scores ofTraining(NodeLabels labels) {
    return of(labels, false);
  }

  /** All figures; the scores of all nodes are kept where ROC AUC asks for them. */
  public static Scores ofEvaluation(NodeLabels labels) {
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
  public final void add(double meanLoss, int terms, NDArray logits, MemorySegment labels) {
    lossSum += meanLoss * terms;
    numTerms += terms;
    count(logits, labels);
  }

  abstract void count(NDArray logits, MemorySegment labels);

  public final Sums sums() {
    LongStream.Builder counts = LongStream.builder();
    counts.add(numTerms);
    save(counts);
    return new Sums(lossSum, counts.build().boxed().toList());
  }

  /** Continues from another's {@link #sums}. */
  public final void restore(Sums sums) {
    if (!sums.counts.isEmpty()) {
      lossSum = sums.loss;
      Iterator<Long> counts = sums.counts.iterator();
      numTerms = counts.next();
      restore(counts);
    }
  }

  /** Adds the counts of training. */
  abstract void save(LongStream.Builder counts);

  /** Takes them in the same order. */
  public abstract void restore(Iterator<Long> counts);

  /** The mean so far; 0 if no labelled node was seen. */
  public final double loss() {
    return lossSum / Math.max(1, numTerms);
  }

  /** The figures so far; zeros if no labelled node was seen. */
  public abstract Evaluation sum();
}
