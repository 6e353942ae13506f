package io.millrace.bench;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Progress;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.IdMapKind;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Milliseconds for a whole batch of the product's sampler, by id map; with {@code -prof gc} also
 * the bytes that it allocates, which is next to none once the scratch has grown.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
public class SampleBenchmark {
  /** As many batches as the scratch needs to see the largest. */
  private static final int NUM_BATCHES = 32;

  @Param({"FLAT_HASH", "DIRECT_ADDRESS"})
  public IdMapKind map;

  @Param("15,10,5")
  public String fanout;

  /** A dataset directory; by default the built-in R-MAT graph. */
  @Param("")
  public String dataset;

  private final int[][] seeds = new int[NUM_BATCHES][];
  private GraphDataset data;
  private NeighborSampler sampler;
  private int batch;

  @Setup
  public void setUp() {
    data =
        GraphDataset.open(dataset.isEmpty() ? BuiltInRmat.make(Progress.NONE) : Path.of(dataset));
    SeedBatches batches = SeedBatches.of(data, 1024, 0);
    for (int i = 0; i < NUM_BATCHES; i++) {
      seeds[i] = batches.seeds(i);
    }
    sampler = NeighborSampler.builder(data.graph(), Fanout.parse(fanout)).idMap(map).build();
  }

  @TearDown
  public void close() {
    data.close();
  }

  @Benchmark
  public SampledBatch sample() {
    int number = batch++ % NUM_BATCHES;
    return sampler.sample(seeds[number], number);
  }
}
