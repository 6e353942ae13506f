package io.millrace.transfer;

import io.millrace.datasets.FeatureType;
import io.millrace.slicing.MfgSegments;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.SlotLayout;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * A batch where the model computes.
 *
 * <p>The segments are 256-byte aligned and valid until {@link #close}, which gives the slot back:
 * the consumer closes each batch, soon, for the next ones wait for its slot. Used by one thread at
 * a time.
 *
 * <p>On a GPU the segments hold device addresses: only their addresses and sizes may be used by the
 * host, never what lies there. All work on the batch goes to the legacy default stream, where torch
 * computes: enqueued before {@link #close}, it may run long after, and still finds the batch in
 * place.
 */
public final class DeviceBatch implements AutoCloseable {
  private final SlicedBatch batch;
  private final SlotLayout layout;
  private final MemorySegment memory;
  private final boolean onGpu;
  private final Consumer<DeviceBatch> giveBack;
  private boolean closed;

  private DeviceBatch(
      SlicedBatch batch, MemorySegment memory, boolean onGpu, Consumer<DeviceBatch> giveBack) {
    this.batch = batch;
    this.layout = batch.layout();
    this.memory = memory;
    this.onGpu = onGpu;
    this.giveBack = giveBack;
  }

  static DeviceBatch onCpu(SlicedBatch batch, Consumer<DeviceBatch> giveBack) {
    return new DeviceBatch(batch, batch.slot().memory(), false, giveBack);
  }

  /**
   * @param memory device addresses; the batch's own slot is someone else's by now
   */
  static DeviceBatch onGpu(
      SlicedBatch batch, MemorySegment memory, Consumer<DeviceBatch> giveBack) {
    return new DeviceBatch(batch, memory, true, giveBack);
  }

  /** Whether the segments hold device addresses. */
  public boolean onGpu() {
    return onGpu;
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

  /**
   * int32 {@code [numNodes]}: global ids, the seeds first.
   *
   * @throws IllegalStateException on a GPU, where no model needs them, so that they are not copied
   *     there
   */
  public MemorySegment nodes() {
    if (onGpu) {
      throw new IllegalStateException("node ids are not copied to the GPU: " + place());
    }
    return layout.nodes(open());
  }

  /** int32 {@code [numSeeds]} or int8 {@code [numSeeds x numClasses]}: -1 where unknown. */
  public MemorySegment labels() {
    return layout.labels(open());
  }

  /** Whether the pipeline was asked for the degrees of the nodes. */
  public boolean hasDegrees() {
    return layout.hasDegrees();
  }

  /** int32 {@code [numNodes]}: neighbours in the whole graph; empty if they were not asked for. */
  public MemorySegment degrees() {
    return layout.degrees(open());
  }

  /** {@code [numNodes x dim]} of {@link #featureType}. */
  public MemorySegment features() {
    return layout.features(open());
  }

  /**
   * @param layer from 0, at the input, to {@code numLayers - 1}, whose destinations are the seeds
   */
  public MfgSegments layer(int layer) {
    return layout.layer(open(), layer);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      giveBack.accept(this);
    }
  }

  SlicedBatch sliced() {
    return batch;
  }

  private MemorySegment open() {
    if (closed) {
      throw new IllegalStateException("batch is closed: " + place());
    }
    return memory;
  }

  private String place() {
    return "epoch=" + epoch() + ", batch=" + number();
  }
}
