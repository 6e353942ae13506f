package io.millrace.training.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.millrace.datasets.overlay.GraphVersion;
import io.millrace.sampler.IdMapKind;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.Slicer;
import io.millrace.slicing.Slot;
import io.millrace.training.nn.BatchTensors;
import io.millrace.training.nn.EdgeNeeds;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Network;
import io.millrace.training.torch.GradMode;
import io.millrace.transfer.DeviceBatch;
import java.util.function.IntToDoubleFunction;

/**
 * Computes one batch at a time: what one thread of a {@link NodeScorer} works with. The scorer owns
 * it and its slot. One thread at a time.
 */
final class ScoringLane implements AutoCloseable {
  private final Network network;
  private final boolean embeddings;
  private final long batchSeed;
  private final VersionRows rows;
  private final NeighborSampler sampler;
  private final Slicer slicer;
  private final Slot slot;
  private final NDManager manager;

  /**
   * @param features of the dataset's nodes, shared by all lanes
   */
  ScoringLane(ScorerSettings settings, Network network, FeatureStore features, Slot slot) {
    this.network = network;
    this.slot = slot;
    embeddings = settings.embeddings();
    batchSeed = BatchRandom.batchSeed(settings.seed(), 0, 0);
    GraphModel model = settings.info().model();
    rows = new VersionRows(settings.version().get(), EdgeNeeds.readsEdges(model));
    slicer = slicer(settings, rows, features);
    sampler =
        NeighborSampler.builder(rows, settings.fanout())
            .idMap(IdMapKind.FLAT_HASH)
            .maxEdges(settings.maxEdges(network))
            .edgePositions(slicer.needsEdgePositions())
            .build();
    manager = network.manager().newSubManager();
  }

  private static Slicer slicer(ScorerSettings settings, VersionRows rows, FeatureStore features) {
    GraphModel model = settings.info().model();
    Slicer slicer = Slicer.of(new VersionFeatures(rows, features));
    if (model.usesDegrees()) {
      slicer = slicer.withDegrees(node -> rows.version().degree(node));
    }
    if (model.usesWeightedDegrees()) {
      IntToDoubleFunction degrees = settings.weights().orElseThrow().degrees();
      slicer = slicer.withWeightedDegrees(node -> rows.weightedDegree(node, degrees));
    }
    return slicer.withEdges(settings.data().edges(), model.edgeColumns());
  }

  /**
   * Computes the rows of some nodes and writes them in their order.
   *
   * @param nodes of the version; one may occur twice
   * @param out receives {@code [n x columns]} from {@code offset} on: embedding, if requested, and
   *     logits
   */
  void score(GraphVersion version, int[] nodes, float[] out, int offset) {
    rows.use(version);
    SampledBatch sampled = sampler.sample(nodes, batchSeed);
    try (DeviceBatch batch = DeviceBatch.onCpu(slicer.slice(sampled, slot, 0, 0), _ -> {});
        GradMode _ = GradMode.off();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray rows = network.predict(BatchTensors.unlabelled(manager, batch), embeddings);
      float[] values = rows.toFloatArray();
      int dim = Math.toIntExact(rows.getShape().get(1));
      int[] localIds = batch.seedLocalIds();
      for (int i = 0; i < localIds.length; i++) {
        System.arraycopy(values, localIds[i] * dim, out, offset + i * dim, dim);
      }
    }
  }

  @Override
  public void close() {
    manager.close();
    slot.release();
  }
}
