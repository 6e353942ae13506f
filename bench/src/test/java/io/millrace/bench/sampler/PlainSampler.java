package io.millrace.bench.sampler;

import io.millrace.bench.variant.BatchDigest;
import io.millrace.bench.variant.BatchSampler;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.Draw;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.ReferenceSampler;
import java.util.List;

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
    batch = ReferenceSampler.sample(graph, fanout, Draw.uniform(), seeds, batchSeed);
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
