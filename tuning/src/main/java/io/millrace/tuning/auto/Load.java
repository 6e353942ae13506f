package io.millrace.tuning.auto;

/**
 * What a pipeline did in some time of training.
 *
 * @param seconds wall time, without evaluations
 * @param batches that the model was trained on
 * @param waitSeconds in which the consumer waited for data
 * @param busySeconds in which the workers prepared batches, all together
 * @param slotBytes memory of a batch
 */
public record Load(
    double seconds, long batches, double waitSeconds, double busySeconds, double slotBytes) {
  /** Nothing. */
  public static final Load NONE = new Load(0, 0, 0, 0, 0);

  /** Batches per second; 0 for no time at all. */
  public double rate() {
    return seconds == 0 ? 0 : batches / seconds;
  }

  /** The share of the time that the consumer waited, 0 to 1. */
  public double waitShare() {
    return seconds == 0 ? 0 : waitSeconds / seconds;
  }

  /** Workers that were busy, on average. */
  public double busyWorkers() {
    return seconds == 0 ? 0 : busySeconds / seconds;
  }

  /** Both, one after the other. */
  public Load plus(Load other) {
    return new Load(
        seconds + other.seconds,
        batches + other.batches,
        waitSeconds + other.waitSeconds,
        busySeconds + other.busySeconds,
        Math.max(slotBytes, other.slotBytes));
  }
}
