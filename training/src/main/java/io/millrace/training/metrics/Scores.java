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
public abstract sealed class Scores permits ClassScores, MultiLabelScores, LinkScores {
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

  /**
   * For pairs of nodes: the labels are 1 for a link, 0 for a pair without one, -1 for what does not
   * count.
   *
   * @param all whether all figures are asked for, as in an evaluation
   */
  public static Scores ofLinks(boolean all) {
    return new LinkScores(all);
  }

  /**
   * All figures of pairs that are scored.
   *
   * @param loss mean per link
   * @param positives scores of links
   * @param negatives scores of other pairs; the same number for each link, in the links' order
   */
  public static Evaluation evaluateLinks(double loss, float[] positives, float[] negatives) {
    LinkScores scores = new LinkScores(true);
    scores.addLoss(loss, positives.length);
    for (float score : positives) {
      scores.add(score, 1);
    }
    for (float score : negatives) {
      scores.add(score, 0);
    }
    return scores.sum();
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
    addLoss(meanLoss, terms);
    count(logits, labels);
  }

  final void addLoss(double meanLoss, int terms) {
    lossSum += meanLoss * terms;
    numTerms += terms;
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
