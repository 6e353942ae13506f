package io.millrace.training.metrics;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Per class: how often it occurs, is predicted, and both at once. From these come the F1 scores,
 * with TP = hits, FP = predicted - hits, FN = actual - hits:
 *
 * <pre>
 *   F1 of a class = 2 TP / (2 TP + FP + FN) = 2 hits / (actual + predicted)
 *   micro         = the same with the sums over all classes
 *   macro         = mean over the classes that occur or are predicted
 * </pre>
 *
 * As scikit-learn has them. One thread.
 */
final class ClassCounts {
  private final long[] hits;
  private final long[] actual;
  private final long[] predicted;

  ClassCounts(int numClasses) {
    hits = new long[numClasses];
    actual = new long[numClasses];
    predicted = new long[numClasses];
  }

  /** A node of one class, predicted to be of one. */
  void add(int actualClass, int predictedClass) {
    actual[actualClass]++;
    predicted[predictedClass]++;
    hits[actualClass] += actualClass == predictedClass ? 1 : 0;
  }

  /** Whether a node has one of several labels, and is predicted to have it. */
  void add(int label, boolean has, boolean predictedToHave) {
    actual[label] += has ? 1 : 0;
    predicted[label] += predictedToHave ? 1 : 0;
    hits[label] += has && predictedToHave ? 1 : 0;
  }

  void save(LongStream.Builder saved) {
    for (long[] counts : List.of(hits, actual, predicted)) {
      Arrays.stream(counts).forEach(saved);
    }
  }

  /** Takes what was saved in the same order. */
  void restore(Iterator<Long> saved) {
    for (long[] counts : List.of(hits, actual, predicted)) {
      Arrays.setAll(counts, _ -> saved.next());
    }
  }

  /** 0 if no class occurs or is predicted. */
  double f1Micro() {
    return f1(sum(hits), sum(actual) + sum(predicted));
  }

  /** 0 if no class occurs or is predicted. */
  double f1Macro() {
    double sum = 0;
    int numSeen = 0;
    for (int c = 0; c < hits.length; c++) {
      sum += f1(hits[c], actual[c] + predicted[c]);
      numSeen += actual[c] + predicted[c] > 0 ? 1 : 0;
    }
    return sum / Math.max(1, numSeen);
  }

  private static double f1(long hits, long actualAndPredicted) {
    return 2.0 * hits / Math.max(1, actualAndPredicted);
  }

  private static long sum(long[] values) {
    return Arrays.stream(values).sum();
  }
}
