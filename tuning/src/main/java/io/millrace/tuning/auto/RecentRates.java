package io.millrace.tuning.auto;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** The rates of the last windows with the same size. */
final class RecentRates {
  /** Earlier ones are forgotten. */
  static final int MOST = 10;

  private static final int FOR_DEVIATION = 5;

  /** Until enough windows are known, as a fraction of the rate. */
  private static final double FIRST_DEVIATION = .02;

  private final Deque<Double> rates = new ArrayDeque<>();
  private double deviation = FIRST_DEVIATION;

  void add(double rate) {
    if (rates.size() == MOST) {
      rates.removeFirst();
    }
    rates.addLast(rate);
    if (rates.size() >= FOR_DEVIATION) {
      double[] last = last(FOR_DEVIATION);
      double median = median(last);
      double[] apart = Arrays.stream(last).map(value -> Math.abs(value - median)).toArray();
      deviation = median(apart) / median;
    }
  }

  /** The pipeline is another now. The deviation stays what it was until enough is known. */
  void forget() {
    rates.clear();
  }

  int size() {
    return rates.size();
  }

  double mean() {
    return rates.stream().mapToDouble(rate -> rate).average().orElse(0);
  }

  /** The median absolute deviation of the last five rates, as a fraction of their median. */
  double deviation() {
    return deviation;
  }

  private double[] last(int number) {
    return rates.stream().skip(rates.size() - number).mapToDouble(rate -> rate).toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
