package io.millrace.tuning.auto;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * A pipeline under a virtual clock, batch by batch: a worker waits for a slot and prepares; the
 * consumer takes batches in order and computes; then the slot is free again. A batch may also need
 * a resource that all workers share, such as a disk.
 */
final class SimulatedPipeline {
  private final SplittableRandom random;
  private final double variation;

  /** Seconds of a batch, given the time. */
  private final DoubleUnaryOperator prepare;

  private final DoubleUnaryOperator compute;
  private final double shared;

  /** When each is free. */
  private final PriorityQueue<Double> workers = new PriorityQueue<>();

  private final PriorityQueue<Double> slots = new PriorityQueue<>();
  private double sharedFree;
  private double now;

  /**
   * @param variation of each cost: the coefficient of variation of a lognormal distribution
   * @param shared seconds that a batch needs the shared resource for
   */
  SimulatedPipeline(
      long seed,
      double variation,
      DoubleUnaryOperator prepare,
      DoubleUnaryOperator compute,
      double shared) {
    random = new SplittableRandom(seed);
    this.variation = variation;
    this.prepare = prepare;
    this.compute = compute;
    this.shared = shared;
  }

  double now() {
    return now;
  }

  void resize(Size size) {
    resize(workers, size.workers());
    resize(slots, size.slots());
  }

  private void resize(PriorityQueue<Double> of, int number) {
    while (of.size() < number) {
      of.add(now);
    }
    List<Double> byTime = new ArrayList<>(of);
    byTime.sort(null);
    of.clear();
    of.addAll(byTime.subList(0, number)); // those busy for longest leave when they are done
  }

  /** One batch. */
  Load step() {
    double begin = Math.max(workers.remove(), slots.remove());
    double seconds = draw(prepare.applyAsDouble(begin));
    double ready = begin + seconds;
    if (shared > 0) {
      sharedFree = Math.max(sharedFree, ready) + draw(shared);
      ready = sharedFree;
    }
    workers.add(ready);
    double wait = Math.max(0, ready - now);
    double end = now + wait + draw(compute.applyAsDouble(now));
    slots.add(end);
    Load load = new Load(end - now, 1, wait, ready - begin, 1e6);
    now = end;
    return load;
  }

  private double draw(double mean) {
    if (variation == 0) {
      return mean;
    }
    double sigma = Math.sqrt(Math.log1p(variation * variation));
    return mean * Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
  }
}
