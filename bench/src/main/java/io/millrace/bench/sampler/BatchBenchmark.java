package io.millrace.bench.sampler;

import io.millrace.Progress;
import io.millrace.bench.harness.BuiltInRmat;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
 * What the benchmarks of a whole batch have in common: milliseconds, the dataset and the seeds,
 * which come round. Used by one thread.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
public abstract class BatchBenchmark {
  /** As many batches as the scratch needs to see the largest. */
  private static final int NUM_BATCHES = 32;

  private static final int BATCH_SIZE = 1024;

  @Param("15,10,5")
  public String fanout;

  /** A dataset directory; by default the built-in R-MAT graph. */
  @Param("")
  public String dataset;

  private final int[][] seeds = new int[NUM_BATCHES][];
  private GraphDataset data;
  private int batch;

  @Setup
  public void setUp() {
    data =
        GraphDataset.open(dataset.isEmpty() ? BuiltInRmat.make(Progress.NONE) : Path.of(dataset));
    SeedBatches batches = SeedBatches.of(data, BATCH_SIZE, 0);
    for (int i = 0; i < NUM_BATCHES; i++) {
      seeds[i] = batches.seeds(i);
    }
    newSampler(data.graph(), Fanout.parse(fanout));
  }

  @TearDown
  public void close() {
    data.close();
  }

  abstract void newSampler(CsrGraph graph, Fanout fanout);

  /** Goes to the next batch and gives its number. */
  final int next() {
    batch = (batch + 1) % NUM_BATCHES;
    return batch;
  }

  final int[] seeds(int number) {
    return seeds[number];
  }
}
