package io.millrace.training.metrics;

import java.util.Arrays;

/**
 * How often nodes of one class were predicted to be of another. Immutable value.
 *
 * <p>It has at most {@link #MAX_CLASSES} classes, so that the matrices of many epochs stay small.
 */
public final class ConfusionMatrix {
  static final int MAX_CLASSES = 128;

  private final long[][] counts;

  /**
   * @param counts {@code [actual][predicted]}, becomes the matrix's own
   */
  ConfusionMatrix(long[][] counts) {
    this.counts = counts;
  }

  public int numClasses() {
    return counts.length;
  }

  /** Nodes of class {@code actual} that were predicted to be of class {@code predicted}. */
  public long count(int actual, int predicted) {
    return counts[actual][predicted];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix that && Arrays.deepEquals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(counts);
  }

  /** One row per actual class. */
  @Override
  public String toString() {
    return Arrays.deepToString(counts);
  }
}
