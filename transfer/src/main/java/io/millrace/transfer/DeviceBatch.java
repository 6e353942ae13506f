package io.millrace.transfer;

import io.millrace.Internal;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.FeatureType;
import io.millrace.slicing.EdgeSegments;
import io.millrace.slicing.MfgSegments;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.SlotLayout;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * A batch where the model computes.
 *
 * <p>The segments are 256-byte aligned and valid until {@link #close}, which releases the slot. The
 * consumer should close each batch soon, because later batches wait for its slot. Used by one
 * thread at a time.
 *
 * <p>On a GPU the segments hold device addresses: the host may use only their addresses and sizes,
 * never their content. All work on the batch goes to the legacy default stream, where torch
 * computes. Work that is enqueued before {@link #close} may run long after it and still finds the
 * batch in place.
 *
 * <p>Next class to read: {@code BatchTensors} of module training.
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

  /**
   * A batch in host memory.
   *
   * @param giveBack called once, at the first {@link #close}
   */
  @Internal
  public static DeviceBatch onCpu(SlicedBatch batch, Consumer<DeviceBatch> giveBack) {
    return new DeviceBatch(batch, batch.slot().memory(), false, giveBack);
  }

  /**
   * @param memory device addresses; the batch's slot on the host may already hold another batch
   */
  static DeviceBatch onGpu(
      SlicedBatch batch, MemorySegment memory, Consumer<DeviceBatch> giveBack) {
    return new DeviceBatch(batch, memory, true, giveBack);
  }

  /**
   * The same batch for one of several consumers, who close theirs before this is closed.
   *
   * @param giveBack called once, at the first {@link #close}
   */
  DeviceBatch sharedWith(Consumer<DeviceBatch> giveBack) {
    return new DeviceBatch(batch, memory, onGpu, giveBack);
  }

  /** Whether the segments hold device addresses. */
  public boolean onGpu() {
    return onGpu;
  }

  public int epoch() {
    return batch.epoch();
  }

  /** The position of the batch in its epoch, from 0. */
  public int number() {
    return batch.number();
  }

  /** Of ids, labels and layers; {@link EpochStats#digest} adds it up. */
  @Internal
  public long checksum() {
    return batch.checksum();
  }

  /** The number of distinct seeds. */
  public int numSeeds() {
    return layout.numSeeds();
  }

  /**
   * The local id of each seed of the plan, in its order, so that {@code seedLocalIds()[i]} is the
   * row of the i-th seed in {@link #labels} and in the model's output. It is 0, 1, 2, ... unless a
   * seed occurs twice. A new array in the host's memory, also after {@link #close}.
   */
  public int[] seedLocalIds() {
    return batch.seedLocalIds().clone();
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
   * @throws IllegalStateException on a GPU: node ids are not copied there, because no model needs
   *     them
   */
  public MemorySegment nodes() {
    if (onGpu) {
      throw new IllegalStateException("node ids are not copied to the GPU: " + place());
    }
    return layout.nodes(open());
  }

  /** int32 {@code [numSeeds]} or int8 {@code [numSeeds x numClasses]}: -1 if unknown. */
  public MemorySegment labels() {
    return layout.labels(open());
  }

  /** Whether the batch has the degrees of its nodes, see {@link PipelineBuilder#degrees}. */
  public boolean hasDegrees() {
    return layout.hasDegrees();
  }

  /** int32 {@code [numNodes]}: neighbours in the whole graph; empty without {@link #hasDegrees}. */
  public MemorySegment degrees() {
    return layout.degrees(open());
  }

  /** Whether the batch has {@link #weightedDegrees}. */
  public boolean hasWeightedDegrees() {
    return layout.hasWeightedDegrees();
  }

  /**
   * float32 {@code [numNodes]}: the sums of the weights of the nodes' edges in the whole graph;
   * empty without {@link #hasWeightedDegrees}.
   */
  public MemorySegment weightedDegrees() {
    return layout.weightedDegrees(open());
  }

  /** The attributes of edges that the batch has, see {@link PipelineBuilder#edgeColumns}. */
  public EdgeColumns edgeColumns() {
    return layout.edgeColumns();
  }

  /**
   * The attributes of the edges of a layer.
   *
   * @param layer from 0, at the input, as in {@link #layer}
   */
  public EdgeSegments edges(int layer) {
    return layout.edges(open(), layer);
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
