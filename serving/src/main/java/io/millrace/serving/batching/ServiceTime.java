package io.millrace.serving.batching;

/**
 * How long a batch takes, as a line over its size: a weighted least-squares fit in which each batch
 * counts nine tenths of the one after it.
 *
 * <p>A single slow batch is a pause, and says nothing about the next one: relative to what was
 * expected, a batch counts as no slower than the median of the latest three. A batch in half the
 * time that was expected, or less, ends what was known, because it was a slowness that is over. One
 * thread at a time.
 */
final class ServiceTime {
  private static final double DECAY = 0.9;

  private double weight;
  private double size;
  private double nanos;
  private double sizeSquare;
  private double product;

  /** Time over what was expected, of the latest batch and the one before it. */
  private double lastRatio = Double.POSITIVE_INFINITY;

  private double ratioBefore = Double.POSITIVE_INFINITY;

  /**
   * Takes note of a batch.
   *
   * @return the time as it counts: that of the batch, or less if it was a single slow one
   */
  long add(int batchSize, long batchNanos) {
    long counted = Math.min(batchNanos, withoutPauses(batchSize, batchNanos));
    if (2 * batchNanos < of(batchSize)) {
      weight = 0;
      size = 0;
      nanos = 0;
      sizeSquare = 0;
      product = 0;
    }
    weight = weight * DECAY + 1;
    size = size * DECAY + batchSize;
    nanos = nanos * DECAY + counted;
    sizeSquare = sizeSquare * DECAY + (double) batchSize * batchSize;
    product = product * DECAY + (double) batchSize * counted;
    return counted;
  }

  private long withoutPauses(int batchSize, long batchNanos) {
    double expected = of(batchSize);
    if (expected == 0) {
      return batchNanos;
    }
    double ratio = batchNanos / expected;
    double median =
        Math.max(Math.min(ratio, lastRatio), Math.min(Math.max(ratio, lastRatio), ratioBefore));
    ratioBefore = lastRatio;
    lastRatio = ratio;
    return (long) Math.ceil(median * expected); // infinite before there are three
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
