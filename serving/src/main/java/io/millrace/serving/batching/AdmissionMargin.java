package io.millrace.serving.batching;

/**
 * The share of its time that the estimated wait of a request may fill, so that few of those that
 * are taken are late although batches are not all alike.
 *
 * <p>It follows a quantile (Robbins and Monro, 1951): each batch moves it by {@code GAIN * (TARGET
 * - late share)}, so it rests where that share is the target on average. What cannot be foreseen,
 * such as a pause, would drive it to zero without making anything punctual; it stops at a floor.
 *
 * <p>One thread at a time.
 */
final class AdmissionMargin {
  private static final double MOST = 0.9;
  private static final double LEAST = 0.35;

  /** The part of what is taken that may be late: a fifth of what a 99th percentile allows. */
  private static final double TARGET = 0.002;

  private static final double GAIN = 0.5;

  private double share = MOST;

  /** Of the time that is left when a request arrives, 0 to 1. */
  double share() {
    return share;
  }

  /**
   * Takes note of a batch.
   *
   * @param size how many were in it, and how many expired before it
   * @param late how many of these were done after their deadline, or never
   */
  void finished(int size, int late) {
    share = Math.clamp(share + GAIN * (TARGET - (double) late / size), LEAST, MOST);
  }
}
