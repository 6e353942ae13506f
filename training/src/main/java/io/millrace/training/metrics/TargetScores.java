package io.millrace.training.metrics;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import ai.djl.ndarray.NDArray;
import io.millrace.Internal;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * {@link Scores} of targets. The spread of each target is summed up by Welford's method, so that it
 * is exact however large the mean is, and no value is kept.
 */
final class TargetScores extends Scores {
  private final Column[] columns;
  private final boolean all;
  private long numNodes;

  /**
   * @param all whether errors are asked for; otherwise only nodes are counted, because sums of
   *     doubles depend on their order
   */
  TargetScores(int numTargets, boolean all, Optional<Metric> own) {
    super(own);
    this.all = all;
    columns = new Column[numTargets];
    for (int i = 0; i < numTargets; i++) {
      columns[i] = new Column();
    }
  }

  /** The sums of one target. */
  private static final class Column {
    private long count;
    private double mean;
    private double spread;
    private double squares;
    private double absolute;

    void add(double target, double predicted) {
      count++;
      double before = target - mean;
      mean += before / count;
      spread += before * (target - mean);
      squares += (target - predicted) * (target - predicted);
      absolute += Math.abs(target - predicted);
    }

    OptionalDouble r2() {
      return spread > 0 ? OptionalDouble.of(1 - squares / spread) : OptionalDouble.empty();
    }
  }

  @Override
  void count(NDArray output, MemorySegment targets) {
    float[] values = all ? output.toFloatArray() : new float[0];
    int numTargets = columns.length;
    for (int row = 0; row < output.getShape().get(0); row++) {
      boolean known = false;
      for (int c = 0; c < numTargets; c++) {
        int i = row * numTargets + c;
        float target = targets.getAtIndex(JAVA_FLOAT, i);
        if (!Float.isNaN(target)) {
          known = true;
          if (all) {
            columns[c].add(target, values[i]);
          }
        }
      }
      numNodes += known ? 1 : 0;
    }
  }

  @Override
  float[] answers(MemorySegment targets, int row) {
    float[] answers = new float[columns.length];
    boolean known = false;
    for (int c = 0; c < answers.length; c++) {
      answers[c] = targets.getAtIndex(JAVA_FLOAT, (long) row * answers.length + c);
      known |= !Float.isNaN(answers[c]);
    }
    return known ? answers : UNKNOWN;
  }

  @Override
  void save(LongStream.Builder saved) {
    saved.add(numNodes);
  }

  @Override
  @Internal
  public void restore(Iterator<Long> saved) {
    numNodes = saved.next();
  }

  @Override
  Evaluation figures() {
    long count = 0;
    double squares = 0;
    double absolute = 0;
    double r2 = 0;
    int defined = 0;
    for (Column column : columns) {
      count += column.count;
      squares += column.squares;
      absolute += column.absolute;
      OptionalDouble own = column.r2();
      r2 += own.orElse(0);
      defined += own.isPresent() ? 1 : 0;
    }
    return Evaluation.of(
        new TargetFigures(
            defined > 0 ? OptionalDouble.of(r2 / defined) : OptionalDouble.empty(),
            Math.sqrt(squares / count), // NaN while training
            absolute / count),
        loss(),
        numNodes);
  }
}
