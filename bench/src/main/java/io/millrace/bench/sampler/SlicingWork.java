package io.millrace.bench.sampler;

import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.Slicer;
import io.millrace.slicing.Slot;
import io.millrace.slicing.SlotPool;
import io.millrace.slicing.disk.DiskFeatures;

/** Samples a batch and slices it: into one slot again and again, or into a fresh one each time. */
final class SlicingWork implements Work {
  private static final long FIRST_SLOT_BYTES = 1 << 20;

  private final NeighborSampler sampler;
  private final FeatureStore features;
  private final Slicer slicer;
  private final int rowBytes;
  private final boolean reuse;
  private SlotPool pool = SlotPool.of(1, FIRST_SLOT_BYTES);
  private Slot slot = acquire(pool);
  private long slotBytes = FIRST_SLOT_BYTES;

  SlicingWork(GraphDataset data, NeighborSampler sampler, boolean reuse) {
    this.sampler = sampler;
    features = DiskFeatures.open(data.features(), data.features().type());
    this.slicer = Slicer.of(data, features);
    this.rowBytes = data.features().rowBytes();
    this.reuse = reuse;
  }

  @Override
  public Done run(int[] seeds, long batchSeed) {
    SampledBatch batch = sampler.sample(seeds, batchSeed);
    if (!reuse) {
      free();
      pool = SlotPool.of(1, slotBytes);
      slot = acquire(pool);
    }
    SlicedBatch sliced = slicer.slice(batch, slot, 0, 0);
    slotBytes = sliced.layout().bytes() / 8 * 9; // so that the next one need not grow
    return new Done(batch.numNodes(), batch.numEdges(), (long) batch.numNodes() * rowBytes);
  }

  private void free() {
    slot.release();
    pool.close();
  }

  @Override
  public void close() {
    free();
    features.close();
  }

  private static Slot acquire(SlotPool pool) {
    try {
      return pool.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
