package io.millrace.training.metrics;

import io.millrace.Internal;
import java.util.Arrays;

/**
 * Mean and unbiased standard deviation of a figure over several runs.
 *
 * @param std divided by {@code n - 1}; 0 for a single run
 */
public record MeanStd(double mean, double std) {
  @Internal
  public static MeanStd of(double... values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(it -> (it - mean) * (it - mean)).sum();
    return new MeanStd(mean, values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1)));
  }
}
