package io.millrace.sweeps.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The scores that trials had at a rung, the best first; of equal ones the lower number, and NaN
 * last. One thread at a time.
 */
final class Rung {
  /**
   * @param score the higher the better
   */
  private record Entry(int trial, double score) {}

  private static final Comparator<Entry> BEST_FIRST =
      Comparator.comparingDouble((Entry it) -> Double.isNaN(it.score) ? 1 : 0)
          .thenComparing(Comparator.comparingDouble(Entry::score).reversed())
          .thenComparingInt(Entry::trial);

  private final List<Entry> entries = new ArrayList<>();

  void record(int trial, double score) {
    entries.add(new Entry(trial, score + 0.0)); // no negative zero, which sorts below zero
    entries.sort(BEST_FIRST);
  }

  int size() {
    return entries.size();
  }

  /** The best ones that have not failed, the best first. */
  List<Integer> best(int number) {
    return entries.stream()
        .limit(number)
        .filter(it -> !Double.isNaN(it.score))
        .map(Entry::trial)
        .toList();
  }

  /**
   * The score below which this share of the scores lies, interpolated between neighbours as numpy
   * does. Failed ones count as below all; if the position is among them, the result is minus
   * infinity.
   */
  double quantile(double share) {
    double position = share * (size() - 1);
    int low = (int) Math.floor(position);
    int high = Math.min(low + 1, size() - 1);
    double below = ascending(low);
    double part = position - low;
    return part == 0 || Double.isInfinite(below) ? below : below + part * (ascending(high) - below);
  }

  private double ascending(int position) {
    double score = entries.get(size() - 1 - position).score;
    return Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score;
  }
}
