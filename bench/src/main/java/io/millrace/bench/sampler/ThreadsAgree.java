package io.millrace.bench.sampler;

import io.millrace.bench.harness.ThreadTeam;
import io.millrace.bench.variant.BatchSampler;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Checks that batches do not depend on how many threads share them. */
final class ThreadsAgree {
  private ThreadsAgree() {}

  /**
   * Samples the batches of a measurement again, with 1 to {@code maxThreads} threads, a sampler
   * each.
   *
   * @throws IllegalStateException if a batch differs
   */
  static void check(
      String name,
      Supplier<BatchSampler> newSampler,
      SeedBatches batches,
      Measurement expected,
      int maxThreads) {
    for (int numThreads = 1; numThreads <= maxThreads; numThreads++) {
      int threads = numThreads;
      ThreadTeam.run(
          threads,
          thread -> {
            BatchSampler sampler = newSampler.get();
            for (int batch : IntStream.range(0, expected.numBatches()).toArray()) {
              if (batch % threads == thread) {
                sampler.sample(batches.seeds(batch), batches.batchSeed(batch));
                require(sampler.digest() == expected.digest(batch), name, threads, batch);
              }
            }
          });
    }
  }

  private static void require(boolean same, String name, int numThreads, int batch) {
    if (!same) {
      throw new IllegalStateException(
          "a batch depends on the number of threads: sampler=%s, threads=%s, batch=%s"
              .formatted(name, numThreads, batch));
    }
  }
}
