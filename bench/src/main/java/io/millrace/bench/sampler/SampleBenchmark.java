package io.millrace.bench.sampler;

import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.IdMapKind;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Milliseconds for a whole batch of the product's sampler, by id map; with {@code -prof gc} also
 * the bytes that it allocates, which is next to none once the scratch has grown.
 */
public class SampleBenchmark extends BatchBenchmark {
  @Param({"FLAT_HASH", "DIRECT_ADDRESS"})
  public IdMapKind map;

  private NeighborSampler sampler;

  @Override
  void newSampler(CsrGraph graph, Fanout fanout) {
    sampler = NeighborSampler.builder(graph, fanout).idMap(map).build();
  }

  @Benchmark
  public SampledBatch sample() {
    int number = next();
    return sampler.sample(seeds(number), number);
  }
}
