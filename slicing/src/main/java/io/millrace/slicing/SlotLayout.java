package io.millrace.slicing;

import io.millrace.datasets.FeatureType;
import io.millrace.sampler.MfgLayer;
import io.millrace.sampler.SampledBatch;
import java.lang.foreign.MemorySegment;

/**
 * Where each part of a batch lies in its slot. Every part begins at a multiple of 256 bytes.
 *
 * <pre>
 *   nodes      int32 [numNodes]         global ids, the seeds first
 *   labels     int32 [numSeeds], or int8 [numSeeds x numClasses]   as NodeLabels has them
 *   degrees    int32 [numNodes]         neighbours in the whole graph; only if asked for
 *   layer 0    indptr  int32 [numDst + 1]
 *              indices int32 [numEdges]  local ids
 *   ...        (one pair per layer, from the input to the seeds)
 *   features   float32 or float16 [numNodes x dim]
 * </pre>
 *
 * <p>The same layout holds on the host and on a GPU, but there the place of the node ids is empty:
 * no model asks for them, so that everything to transfer is one block, from {@link #transferOffset}
 * to the end. Immutable.
 */
public final class SlotLayout {
  private static final int ALIGNMENT_BYTES = 256;

  private final int numSeeds;
  private final int numNodes;
  private final int dim;
  private final FeatureType featureType;
  private final int labelBytes;
  private final boolean hasDegrees;
  private final int[] numSrc;
  private final int[] numDst;
  private final int[] numEdges;

  private final long labelsOffset;
  private final long degreesOffset;
  private final long[] indptrOffsets;
  private final long[] indicesOffsets;
  private final long featuresOffset;
  private final long bytes;

  private SlotLayout(
      SampledBatch batch, int dim, FeatureType featureType, int labelBytes, boolean hasDegrees) {
    this.numSeeds = batch.numSeeds();
    this.numNodes = batch.numNodes();
    this.dim = dim;
    this.featureType = featureType;
    this.labelBytes = labelBytes;
    this.hasDegrees = hasDegrees;
    int numLayers = batch.numLayers();
    numSrc = new int[numLayers];
    numDst = new int[numLayers];
    numEdges = new int[numLayers];
    indptrOffsets = new long[numLayers];
    indicesOffsets = new long[numLayers];

    labelsOffset = aligned((long) numNodes * Integer.BYTES);
    degreesOffset = aligned(labelsOffset + (long) numSeeds * labelBytes);
    long offset = aligned(degreesOffset + degreeBytes());
    for (int i = 0; i < numLayers; i++) {
      MfgLayer layer = batch.layer(i);
      numSrc[i] = layer.numSrc();
      numDst[i] = layer.numDst();
      numEdges[i] = layer.numEdges();
      indptrOffsets[i] = offset;
      indicesOffsets[i] = aligned(offset + (numDst[i] + 1L) * Integer.BYTES);
      offset = aligned(indicesOffsets[i] + (long) numEdges[i] * Integer.BYTES);
    }
    featuresOffset = offset;
    bytes = aligned(offset + featureBytes());
  }

  /**
   * @param labelBytes of what is known of a seed
   * @param hasDegrees whether there is a place for the degrees of the nodes
   */
  static SlotLayout of(
      SampledBatch batch, int dim, FeatureType featureType, int labelBytes, boolean hasDegrees) {
    return new SlotLayout(batch, dim, featureType, labelBytes, hasDegrees);
  }

  private static long aligned(long offset) {
    return Math.ceilDiv(offset, ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  }

  public int numSeeds() {
    return numSeeds;
  }

  public int numNodes() {
    return numNodes;
  }

  public int numLayers() {
    return numSrc.length;
  }

  /** Edges of all layers. */
  public long numEdges() {
    long sum = 0;
    for (int edges : numEdges) {
      sum += edges;
    }
    return sum;
  }

  public int dim() {
    return dim;
  }

  public FeatureType featureType() {
    return featureType;
  }

  /** Whether the batch has the degrees of its nodes. */
  public boolean hasDegrees() {
    return hasDegrees;
  }

  private long degreeBytes() {
    return hasDegrees ? (long) numNodes * Integer.BYTES : 0;
  }

  public long featureBytes() {
    return (long) numNodes * dim * featureType.bytes();
  }

  /** What a slot needs to hold the batch. */
  public long bytes() {
    return bytes;
  }

  /** Where that begins which a model computes with: everything but the node ids. */
  public long transferOffset() {
    return labelsOffset;
  }

  public MemorySegment nodes(MemorySegment slot) {
    return slot.asSlice(0, (long) numNodes * Integer.BYTES);
  }

  public MemorySegment labels(MemorySegment slot) {
    return slot.asSlice(labelsOffset, (long) numSeeds * labelBytes);
  }

  /** Empty if the batch has none. */
  public MemorySegment degrees(MemorySegment slot) {
    return slot.asSlice(degreesOffset, degreeBytes());
  }

  /**
   * @param layer from 0, at the input
   */
  public MfgSegments layer(MemorySegment slot, int layer) {
    return new MfgSegments(
        numSrc[layer],
        numDst[layer],
        numEdges[layer],
        slot.asSlice(indptrOffsets[layer], (numDst[layer] + 1L) * Integer.BYTES),
        slot.asSlice(indicesOffsets[layer], (long) numEdges[layer] * Integer.BYTES));
  }

  public MemorySegment features(MemorySegment slot) {
    return slot.asSlice(featuresOffset, featureBytes());
  }
}
