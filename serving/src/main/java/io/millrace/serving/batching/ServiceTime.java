package io.millrace.serving.batching;

/**
 * How long a batch takes, as a line over its size: a weighted least-squares fit in which each batch
 * counts nine tenths of the one after it. A batch in half the time that was expected, or less, ends
 * what was known, because it was a pause, or a slowness that is over. One thread at a time.
 */
final class ServiceTime {
  private static final double DECAY = 0.9;

  private double weight;
  private double size;
  private double nanos;
  private double sizeSquare;
  private double product;

  void add(int batchSize, long batchNanos) {
    if (2 * batchNanos < of(batchSize)) {
      weight = 0;
      size = 0;
      nanos = 0;
      sizeSquare = 0;
      product = 0;
    }
    weight = weight * DECAY + 1;
    size = size * DECAY + batchSize;
    nanos = nanos * DECAY + batchNanos;
    sizeSquare = sizeSquare * DECAY + (double) batchSize * batchSize;
    product = product * DECAY + (double) batchSize * batchNanos;
  }

  /** What a batch will take; 0 before the first. */
  double of(int batchSize) {
    if (weight == 0) {
      return 0;
    }
    double meanSize = size / weight;
    double meanNanos = nanos / weight;
    double variance = sizeSquare / weight - meanSize * meanSize;
    double covariance = product / weight - meanSize * meanNanos;
    double slope = variance < 1e-9 ? 0 : covariance / variance;
    slope = Math.clamp(slope, 0, meanNanos / meanSize); // no batch is faster when it is larger
    return meanNanos + slope * (batchSize - meanSize);
  }
}
