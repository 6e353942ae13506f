package io.millrace.tuning.model;

import java.util.HashMap;
import java.util.Map;

/**
 * What a batch costs on this machine, in seconds. Immutable.
 *
 * @param prepareCpu CPU time of sampling and slicing
 * @param prepareAlone wall time of sampling and slicing while the model does not compute; more than
 *     {@code prepareCpu} where it waits for pages or a disk
 * @param featureBytes of a batch that are read from the disk, if there is one
 * @param slotBytes that a batch takes in memory, about
 * @param held batches that the model has open at a time; each holds a slot
 * @param compute what the model needs, by the number of compute threads
 */
public record Costs(
    double prepareCpu,
    double prepareAlone,
    double featureBytes,
    double slotBytes,
    int held,
    Map<Integer, Compute> compute) {
  /**
   * The model's part with a number of compute threads.
   *
   * @param cpu CPU time of all its threads for a batch
   * @param alone wall time of a batch while nothing is prepared
   * @param busy wall time while workers are busy
   * @param prepareBusy wall time of preparing a batch while the model computes
   * @param busyWorkers workers that were busy on average when that was measured
   */
  public record Compute(
      double cpu, double alone, double busy, double prepareBusy, double busyWorkers) {}

  public Costs {
    compute = Map.copyOf(compute);
  }

  /**
   * These costs where a part of the feature bytes is read from the disk; the rest is in memory.
   *
   * @param part 0 to 1
   */
  public Costs reading(double part) {
    return new Costs(prepareCpu, prepareAlone, part * featureBytes, slotBytes, held, compute);
  }

  /** Batches per second by compute threads, while nothing is prepared. */
  Curve curve() {
    Map<Integer, Double> rates = new HashMap<>();
    compute.forEach((threads, cost) -> rates.put(threads, 1 / cost.alone()));
    return new Curve(rates);
  }
}
