package io.millrace.bench.sampler;

import io.millrace.bench.variant.BatchDigest;
import io.millrace.bench.variant.BatchSampler;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.ReferenceSampler;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.ReferenceDraw;
import java.util.List;
import java.util.Map;

/** The reference sampler as the benchmarks see a sampler. */
final class PlainSampler implements BatchSampler {
  private final CsrGraph graph;
  private final Fanout fanout;
  private ReferenceSampler.Batch batch;

  PlainSampler(CsrGraph graph, int... fanout) {
    this.graph = graph;
    this.fanout = Fanout.of(fanout);
  }

  @Override
  public void sample(int[] seeds, long batchSeed) {
    batch =
        ReferenceSampler.sample(
            new ReferenceDraw(graph, new float[0], Draw.uniform()),
            fanout,
            seeds,
            batchSeed,
            Map.of());
  }

  @Override
  public int numNodes() {
    return batch.nodes().size();
  }

  @Override
  public long numEdges() {
    return batch.hops().stream().flatMap(hop -> hop.rows().stream()).mapToLong(List::size).sum();
  }

  @Override
  public long digest() {
    BatchDigest digest = new BatchDigest().add(batch.nodes().size());
    batch.nodes().forEach(digest::add);
    for (ReferenceSampler.Hop hop : batch.hops()) {
      digest.add(hop.numDst());
      int numEdges = 0;
      digest.add(numEdges);
      for (List<Integer> row : hop.rows()) {
        numEdges += row.size();
        digest.add(numEdges);
      }
      hop.rows().forEach(row -> row.forEach(digest::add));
    }
    return digest.value();
  }
}
