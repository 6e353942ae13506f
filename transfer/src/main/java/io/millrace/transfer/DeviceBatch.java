package io.millrace.transfer;

import io.millrace.datasets.FeatureType;
import io.millrace.slicing.BatchLayer;
import io.millrace.slicing.PinnedSlot;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.SlotLayout;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * A batch where the model computes.
 *
 * <p>The segments are 256-byte aligned and valid until {@link #close}, which gives the slot back to
 * the pool: the consumer closes each batch, soon, for the workers wait for its slot. Used by one
 * thread at a time.
 */
public final class DeviceBatch implements AutoCloseable {
  private final SlicedBatch batch;
  private final SlotLayout layout;
  private final MemorySegment memory;
  private final Consumer<DeviceBatch> giveBack;
  private boolean closed;

  DeviceBatch(SlicedBatch batch, MemorySegment memory, Consumer<DeviceBatch> giveBack) {
    this.batch = batch;
    this.layout = batch.layout();
    this.memory = memory;
    this.giveBack = giveBack;
  }

  public int epoch() {
    return batch.epoch();
  }

  /** The batch's place in its epoch, from 0. */
  public int number() {
    return batch.number();
  }

  public int numSeeds() {
    return layout.numSeeds();
  }

  public int numNodes() {
    return layout.numNodes();
  }

  public int numLayers() {
    return layout.numLayers();
  }

  public int dim() {
    return layout.dim();
  }

  public FeatureType featureType() {
    return layout.featureType();
  }

  /** int32 {@code [numNodes]}: global ids, the seeds first. */
  public MemorySegment nodes() {
    return layout.nodes(open());
  }

  /** int32 {@code [numSeeds]}: -1 where unknown. */
  public MemorySegment labels() {
    return layout.labels(open());
  }

  /** {@code [numNodes x dim]} of {@link #featureType}. */
  public MemorySegment features() {
    return layout.features(open());
  }

  /**
   * @param layer from 0, at the input, to {@code numLayers - 1}, whose destinations are the seeds
   */
  public BatchLayer layer(int layer) {
    return layout.layer(open(), layer);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      giveBack.accept(this);
    }
  }

  PinnedSlot slot() {
    return batch.slot();
  }

  private MemorySegment open() {
    if (closed) {
      throw new IllegalStateException("batch is closed: epoch=" + epoch() + ", batch=" + number());
    }
    return memory;
  }
}
