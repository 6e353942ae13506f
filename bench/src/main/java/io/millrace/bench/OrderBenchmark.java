package io.millrace.bench;

import io.millrace.bench.explore.Forms;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Progress;
import io.millrace.sampler.Fanout;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * Milliseconds for a whole batch, by the order in which the explorer's sampler works: a node at a
 * time, or a chunk in phases; everything else is the same.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@State(Scope.Thread)
public class OrderBenchmark {
  /** As many batches as the scratch needs to see the largest. */
  private static final int NUM_BATCHES = 32;

  @Param public Form.Order order;

  @Param({"FASTUTIL", "FLAT_HASH", "DIRECT_ADDRESS"})
  public Form.IdMap map;

  @Param("15,10,5")
  public String fanout;

  /** A dataset directory; by default the built-in R-MAT graph. */
  @Param("")
  public String dataset;

  private final int[][] seeds = new int[NUM_BATCHES][];
  private GraphDataset data;
  private BatchSampler sampler;
  private int batch;

  @Setup
  public void setUp() {
    data =
        GraphDataset.open(dataset.isEmpty() ? BuiltInRmat.make(Progress.NONE) : Path.of(dataset));
    SeedBatches batches = SeedBatches.of(data, 1024, 0);
    for (int i = 0; i < NUM_BATCHES; i++) {
      seeds[i] = batches.seeds(i);
    }
    Fanout hops = Fanout.parse(fanout);
    int[] perHop = IntStream.rangeClosed(1, hops.numHops()).map(hops::at).toArray();
    Form form = new Form.Template(map, order, Form.Draw.FILTER, Form.Memory.MAPPED);
    sampler = new Forms().create(form, GraphCopies.mapped(data.graph()), perHop);
  }

  @TearDown
  public void close() {
    data.close();
  }

  @Benchmark
  public int sample() {
    int number = batch++ % NUM_BATCHES;
    sampler.sample(seeds[number], number);
    return sampler.numNodes();
  }
}
