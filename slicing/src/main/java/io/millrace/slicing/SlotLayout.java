package io.millrace.slicing;

import io.millrace.datasets.EdgeColumns;
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
 *   degrees    int32 [numNodes]         neighbours in the whole graph; only on request
 *   weighted   float32 [numNodes]       sum of the weights of a node's edges in the whole graph;
 *                                       only on request
 *   layer 0    indptr   int32 [numDst + 1]
 *              indices  int32 [numEdges]          local ids
 *              ids      int64 [numEdges]          these, of edges, only on request
 *              times    int64 [numEdges]
 *              weights  float32 [numEdges]
 *              scale    float32 [numEdges]        with weights, if the draw has a scale
 *              features float32 [numEdges x dim of the edges]
 *   ...        (the same for each layer, from the input to the seeds)
 *   features   float32 or float16 [numNodes x dim]
 * </pre>
 *
 * <p>The host and a GPU use the same layout. On a GPU the place of the node ids stays empty,
 * because no model reads them: the part to transfer is one block, from {@link #transferOffset} to
 * the end.
 *
 * <p>To add a part: say in {@code SlotContent} which batches have it, give it a place in the
 * constructor here (for a part of each layer, in {@link Layer}) and an accessor, and fill it in
 * {@link Slicer#slice}. Immutable.
 */
public final class SlotLayout {
  private static final int ALIGNMENT_BYTES = 256;

  private final SlotContent content;
  private final int numSeeds;
  private final int numNodes;

  private final Part nodes;
  private final Part labels;
  private final Part degrees;
  private final Part weightedDegrees;
  private final Layer[] layers;
  private final Part features;
  private final long bytes;

  /** Gives every part its place. The order is that of the table above. */
  private SlotLayout(SampledBatch batch, SlotContent content) {
    this.content = content;
    numSeeds = batch.numSeeds();
    numNodes = batch.numNodes();

    Places places = new Places();
    nodes = places.ints(numNodes);
    labels = places.bytes((long) numSeeds * content.labelBytes());
    degrees = places.ints(content.hasDegrees() ? numNodes : 0);
    weightedDegrees = places.ints(content.hasWeightedDegrees() ? numNodes : 0);
    layers = new Layer[batch.numLayers()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = Layer.of(batch.layer(i), content.edges(), places);
    }
    features = places.bytes(numNodes * content.featureRowBytes());
    bytes = places.end;
  }

  static SlotLayout of(SampledBatch batch, SlotContent content) {
    return new SlotLayout(batch, content);
  }

  /** A range of bytes of the slot. */
  private record Part(long offset, long bytes) {
    private static final Part EMPTY = new Part(0, 0);

    MemorySegment in(MemorySegment slot) {
      return slot.asSlice(offset, bytes);
    }
  }

  /** The parts of one layer. */
  private record Layer(
      int numSrc, int numDst, int numEdges, Part indptr, Part indices, EdgeParts edges) {
    static Layer of(MfgLayer layer, EdgeColumns columns, Places places) {
      return new Layer(
          layer.numSrc(),
          layer.numDst(),
          layer.numEdges(),
          places.ints(layer.numDst() + 1L),
          places.ints(layer.numEdges()),
          EdgeParts.of(layer, columns, places));
    }

    MfgSegments in(MemorySegment slot) {
      return new MfgSegments(numSrc, numDst, numEdges, indptr.in(slot), indices.in(slot));
    }
  }

  /** The attributes of a layer's edges; those that were not asked for are empty. */
  private record EdgeParts(Part ids, Part times, Part weights, Part scale, Part features) {
    /** One for all layers, so that a batch without attributes makes no objects for them. */
    private static final EdgeParts NONE =
        new EdgeParts(Part.EMPTY, Part.EMPTY, Part.EMPTY, Part.EMPTY, Part.EMPTY);

    static EdgeParts of(MfgLayer layer, EdgeColumns columns, Places places) {
      if (columns.equals(EdgeColumns.NONE)) {
        return NONE;
      }
      long numEdges = layer.numEdges();
      boolean hasScale = columns.weights() && layer.hasScale();
      return new EdgeParts(
          places.bytes(columns.ids() ? numEdges * Long.BYTES : 0),
          places.bytes(columns.times() ? numEdges * Long.BYTES : 0),
          places.bytes(columns.weights() ? numEdges * Float.BYTES : 0),
          places.bytes(hasScale ? numEdges * Float.BYTES : 0),
          places.bytes(numEdges * columns.featureDim() * Float.BYTES));
    }

    EdgeSegments in(MemorySegment slot) {
      return new EdgeSegments(
          ids.in(slot), times.in(slot), weights.in(slot), scale.in(slot), features.in(slot));
    }
  }

  /** Hands out places one behind the other. */
  private static final class Places {
    private long end;

    Part bytes(long bytes) {
      Part part = new Part(end, bytes);
      end = Math.ceilDiv(end + bytes, ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
      return part;
    }

    Part ints(long count) {
      return bytes(count * Integer.BYTES);
    }
  }

  public int numSeeds() {
    return numSeeds;
  }

  public int numNodes() {
    return numNodes;
  }

  public int numLayers() {
    return layers.length;
  }

  /** The sum over all layers. */
  public long numEdges() {
    long sum = 0;
    for (Layer layer : layers) {
      sum += layer.numEdges();
    }
    return sum;
  }

  public int dim() {
    return content.dim();
  }

  public FeatureType featureType() {
    return content.featureType();
  }

  /** Whether the batch has the degrees of its nodes. */
  public boolean hasDegrees() {
    return content.hasDegrees();
  }

  /** Whether the batch has the sums of the weights of its nodes' edges. */
  public boolean hasWeightedDegrees() {
    return content.hasWeightedDegrees();
  }

  /** The attributes of edges that the batch has. */
  public EdgeColumns edgeColumns() {
    return content.edges();
  }

  public long featureBytes() {
    return features.bytes();
  }

  /** The size that a slot needs to hold the batch. */
  public long bytes() {
    return bytes;
  }

  /** Where the part begins that a model computes with: everything but the node ids. */
  public long transferOffset() {
    return labels.offset();
  }

  public MemorySegment nodes(MemorySegment slot) {
    return nodes.in(slot);
  }

  public MemorySegment labels(MemorySegment slot) {
    return labels.in(slot);
  }

  /** Empty if the batch has none. */
  public MemorySegment degrees(MemorySegment slot) {
    return degrees.in(slot);
  }

  /** Empty if the batch has none. */
  public MemorySegment weightedDegrees(MemorySegment slot) {
    return weightedDegrees.in(slot);
  }

  /**
   * @param layer from 0, at the input
   */
  public MfgSegments layer(MemorySegment slot, int layer) {
    return layers[layer].in(slot);
  }

  /**
   * The attributes of the edges of a layer.
   *
   * @param layer from 0, at the input
   */
  public EdgeSegments edges(MemorySegment slot, int layer) {
    return layers[layer].edges().in(slot);
  }

  public MemorySegment features(MemorySegment slot) {
    return features.in(slot);
  }
}
