package io.millrace.training.metrics;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import ai.djl.ndarray.NDArray;
import io.millrace.Internal;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * {@link Scores} of pairs of nodes: positives and their negatives, each in order. A pair is
 * predicted to be linked if its score is above 0. All scores are kept, 4 bytes each.
 */
final class LinkScores extends Scores {
  private static final int HITS_AT = 50;

  private final ClassCounts counts = new ClassCounts(2);
  private final boolean all;
  private final FloatList positives = new FloatList();
  private final FloatList negatives = new FloatList();
  private long numCorrect;
  private long numPairs;
  private boolean restored;

  /**
   * @param all whether ranks are asked for, too
   */
  LinkScores(boolean all, Optional<Metric> own) {
    super(own);
    this.all = all;
  }

  private static final class FloatList {
    private float[] values = new float[1024];
    private int size;

    void add(float value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    float[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }

  @Override
  void count(NDArray scores, MemorySegment answers) {
    float[] values = scores.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      add(values[i], answers.getAtIndex(JAVA_INT, i));
    }
  }

  void addAll(float[] scores, int answer) {
    for (float score : scores) {
      add(score, answer);
      measure(new float[] {score}, new float[] {answer});
    }
  }

  private void add(float score, int answer) {
    if (answer >= 0) {
      int guess = score > 0 ? 1 : 0;
      numPairs++;
      numCorrect += guess == answer ? 1 : 0;
      counts.add(answer, guess);
      (answer == 1 ? positives : negatives).add(score);
    }
  }

  @Override
  float[] answers(MemorySegment answers, int row) {
    int answer = answers.getAtIndex(JAVA_INT, row);
    return answer < 0 ? UNKNOWN : new float[] {answer};
  }

  @Override
  void save(LongStream.Builder saved) {
    saved.add(numCorrect).add(numPairs);
    counts.save(saved);
  }

  @Override
  @Internal
  public void restore(Iterator<Long> saved) {
    numCorrect = saved.next();
    numPairs = saved.next();
    counts.restore(saved);
    restored = true;
  }

  @Override
  Evaluation figures() {
    float[] linked = positives.toArray();
    float[] others = negatives.toArray();
    return new Evaluation(
        numCorrect / (double) Math.max(1, numPairs),
        counts.f1Micro(),
        counts.f1Macro(),
        restored ? OptionalDouble.empty() : LinkMetrics.auc(linked, others),
        loss(),
        numPairs,
        Optional.empty(),
        all && linked.length > 0 && others.length > 0
            ? Optional.of(
                new LinkFigures(
                    LinkMetrics.averagePrecision(linked, others).getAsDouble(),
                    LinkMetrics.mrr(linked, others).getAsDouble(),
                    LinkMetrics.hits(HITS_AT, linked, others).getAsDouble()))
            : Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
