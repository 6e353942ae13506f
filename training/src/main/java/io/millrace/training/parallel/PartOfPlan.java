package io.millrace.training.parallel;

import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.draw.ExcludedRanks;
import java.util.Optional;

/**
 * Some batches of a plan, which keep their numbers. Immutable.
 *
 * @param numbers of the batches, rising; not copied
 */
record PartOfPlan(BatchPlan whole, int[] numbers) implements BatchPlan {
  @Override
  public int number() {
    return whole.number();
  }

  @Override
  public int numBatches() {
    return numbers.length;
  }

  @Override
  public int numberOf(int batch) {
    return numbers[batch];
  }

  @Override
  public int[] seeds(int batch) {
    return whole.seeds(numbers[batch]);
  }

  @Override
  public Optional<long[]> times(int batch) {
    return whole.times(numbers[batch]);
  }

  @Override
  public long batchSeed(int batch) {
    return whole.batchSeed(numbers[batch]);
  }

  @Override
  public void exclude(int batch, ExcludedRanks excluded) {
    whole.exclude(numbers[batch], excluded);
  }
}
