package io.millrace.bench.explore;

import io.millrace.bench.variant.BatchDigest;
import io.millrace.bench.variant.BatchSampler;
import io.millrace.bench.variant.GraphCopies;
import io.millrace.bench.variant.SamplerVariant;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.IdMapKind;
import io.millrace.sampler.MfgLayer;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;

/** The product's sampler. */
final class ProductSampler implements BatchSampler {
  private final NeighborSampler sampler;
  private SampledBatch batch;

  private ProductSampler(NeighborSampler sampler) {
    this.sampler = sampler;
  }

  static ProductSampler of(SamplerVariant.Product form, GraphCopies graph, int[] fanout) {
    IdMapKind kind =
        form.idMap() == SamplerVariant.IdMap.DIRECT_ADDRESS
            ? IdMapKind.DIRECT_ADDRESS
            : IdMapKind.FLAT_HASH;
    return new ProductSampler(
        NeighborSampler.builder(graph.graph(form.memory()), Fanout.of(fanout)).idMap(kind).build());
  }

  @Override
  public void sample(int[] seeds, long batchSeed) {
    batch = sampler.sample(seeds, batchSeed);
  }

  @Override
  public int numNodes() {
    return batch.numNodes();
  }

  @Override
  public long numEdges() {
    return batch.numEdges();
  }

  @Override
  public long digest() {
    BatchDigest digest =
        new BatchDigest().add(batch.numNodes()).add(batch.nodes(), batch.numNodes());
    for (int i = batch.numLayers() - 1; i >= 0; i--) {
      MfgLayer layer = batch.layer(i);
      digest.add(layer.numDst()).add(layer.indptr(), layer.numDst() + 1);
      digest.add(layer.indices(), layer.numEdges());
    }
    return digest.value();
  }
}
