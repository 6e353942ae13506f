package io.millrace.training.metrics;

import ai.djl.ndarray.NDArray;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.stream.LongStream;

/** Adds up losses and compares predictions with labels, batch by batch. One thread. */
@Internal
public abstract sealed class Scores implements ScoreSink
    permits ClassScores, MultiLabelScores, TargetScores, LinkScores {
  /** Of a row that has no answer. */
  static final float[] UNKNOWN = {};

  private final Optional<Metric> own;
  private final Optional<Metric.Meter> meter;
  private DoubleConsumer losses = _ -> {};
  private double lossSum;
  private long numTerms;

  /**
   * @param own the metric whose meter reads along
   */
  Scores(Optional<Metric> own) {
    this.own = own;
    meter = own.flatMap(Metric::newMeter);
  }

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
    return of(labels, false, Optional.empty());
  }

  /**
   * All figures; the scores of all nodes are kept where ROC AUC asks for them.
   *
   * @param metric whose {@link Metric#newMeter} reads the predictions, if it has one
   */
  public static Scores ofEvaluation(NodeLabels labels, Optional<Metric> metric) {
    return of(labels, true, metric);
  }

  /**
   * For pairs of nodes: the labels are 1 for a link, 0 for a pair without one, -1 for what does not
   * count.
   *
   * @param all whether all figures are asked for, as in an evaluation
   */
  public static Scores ofLinks(boolean all) {
    return new LinkScores(all, Optional.empty());
  }

  /**
   * All figures of pairs that are scored.
   *
   * @param loss mean per link
   * @param positives scores of links
   * @param negatives scores of other pairs; the same number for each link, in the links' order
   * @param metric whose {@link Metric#newMeter} reads the scores, if it has one
   */
  public static Evaluation evaluateLinks(
      double loss, float[] positives, float[] negatives, Metric metric) {
    LinkScores scores = new LinkScores(true, Optional.of(metric));
    scores.addLoss(loss, positives.length);
    scores.addAll(positives, 1);
    scores.addAll(negatives, 0);
    return scores.sum();
  }

  /** Shows a prediction to the meter, if there is one. */
  final void measure(float[] output, float[] answers) {
    meter.ifPresent(it -> it.add(output, answers));
  }

  private static Scores of(NodeLabels labels, boolean all, Optional<Metric> own) {
    if (labels.isTargets()) {
      return new TargetScores(labels.numClasses(), all, own);
    }
    return labels.isMultiLabel()
        ? new MultiLabelScores(labels.numClasses(), all, own)
        : new ClassScores(labels.numClasses(), all, own);
  }

  @Override
  public final void add(double meanLoss, int terms, NDArray logits, MemorySegment labels) {
    addLoss(meanLoss, terms);
    count(logits, labels);
    meter.ifPresent(it -> read(it, logits, labels));
  }

  private void read(Metric.Meter it, NDArray logits, MemorySegment labels) {
    float[] values = logits.toFloatArray();
    int numRows = Math.toIntExact(logits.getShape().get(0));
    int dim = values.length / Math.max(1, numRows);
    for (int row = 0; row < numRows; row++) {
      float[] answers = answers(labels, row);
      if (answers.length > 0) {
        it.add(Arrays.copyOfRange(values, row * dim, (row + 1) * dim), answers);
      }
    }
  }

  final void addLoss(double meanLoss, int terms) {
    double loss = meanLoss * terms;
    losses.accept(loss);
    lossSum += loss;
    numTerms += terms;
  }

  abstract void count(NDArray logits, MemorySegment labels);

  /** What is right of a row, as {@link Metric.Meter} has it; {@link #UNKNOWN} if nothing is. */
  abstract float[] answers(MemorySegment labels, int row);

  /** From now on reports what each batch adds to the sum of the losses, as it is added. */
  public final void tellLosses(DoubleConsumer reader) {
    losses = reader;
  }

  public final Sums sums() {
    LongStream.Builder counts = LongStream.builder();
    counts.add(numTerms);
    save(counts);
    return new Sums(lossSum, counts.build().boxed().toList());
  }

  /**
   * Continues from another's {@link #sums}.
   *
   * @throws BadInputException if they have too few counts for these scores
   */
  public final void restore(Sums sums) {
    if (!sums.counts.isEmpty()) {
      lossSum = sums.loss;
      Iterator<Long> counts = sums.counts.iterator();
      numTerms = counts.next();
      try {
        restore(counts);
      } catch (NoSuchElementException e) {
        throw new BadInputException(
            "counts of an epoch are not those of its task: counts=" + sums.counts, e);
      }
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
  public final Evaluation sum() {
    Evaluation figures = figures();
    return own.filter(it -> !Metric.standard().contains(it))
        .map(it -> figures.with(new OwnFigure(it.key(), value(it, figures))))
        .orElse(figures);
  }

  private double value(Metric metric, Evaluation figures) {
    return meter.isPresent() ? meter.get().value() : metric.find(figures).orElse(Double.NaN);
  }

  abstract Evaluation figures();
}
