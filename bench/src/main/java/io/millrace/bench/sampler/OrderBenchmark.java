package io.millrace.bench.sampler;

import io.millrace.bench.explore.Forms;
import io.millrace.bench.variant.BatchSampler;
import io.millrace.bench.variant.GraphCopies;
import io.millrace.bench.variant.SamplerVariant;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.Fanout;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Milliseconds for a whole batch, by the order in which the explorer's sampler works: a node at a
 * time, or a chunk in phases; everything else is the same.
 */
public class OrderBenchmark extends BatchBenchmark {
  @Param public SamplerVariant.Order order;

  @Param({"FASTUTIL", "FLAT_HASH", "DIRECT_ADDRESS"})
  public SamplerVariant.IdMap map;

  private BatchSampler sampler;

  @Override
  void newSampler(CsrGraph graph, Fanout fanout) {
    int[] perHop = IntStream.rangeClosed(1, fanout.numHops()).map(fanout::at).toArray();
    SamplerVariant form =
        new SamplerVariant.Template(
            map, order, SamplerVariant.Draw.FILTER, SamplerVariant.Memory.MAPPED);
    sampler = new Forms().create(form, GraphCopies.mapped(graph), perHop);
  }

  @Benchmark
  public int sample() {
    int number = next();
    sampler.sample(seeds(number), number);
    return sampler.numNodes();
  }
}
