package io.millrace.training.inference.chunks;

import io.millrace.Internal;

/**
 * How large a chunk of nodes may be whose neighbours are all read. The rows that enter the layer,
 * as float32 or as wide as what the layer makes of them, whichever is more, and the layer's working
 * arrays with one entry per edge, must fit into {@code bytes}.
 *
 * <p>Every source is counted once per edge, so the cut is a function of the degrees alone. A chunk
 * therefore never needs more than its cost, often less. Immutable.
 *
 * @param bytes the limit of a chunk
 * @param sourceBytes per source: its row, its id, its degree
 * @param numNodes of the graph: no chunk has more sources
 */
@Internal
public record ChunkCost(long bytes, long sourceBytes, long numNodes) {
  /** The neighbour's id, and what a layer computes per edge. */
  private static final long EDGE_BYTES = 64;

  /** Upper bound of the padding between the arrays of a slot. */
  private static final long PADDING_BYTES = 4096;

  public static ChunkCost of(long bytes, int inputDim, int outputDim, long numNodes) {
    long rowBytes = (long) Math.max(inputDim, outputDim) * Float.BYTES;
    return new ChunkCost(bytes, rowBytes + 4 * Integer.BYTES, numNodes);
  }

  public boolean fits(long numDst, long numEdges) {
    return of(numDst, numEdges) <= bytes;
  }

  public long of(long numDst, long numEdges) {
    return Math.min(numNodes, numDst + numEdges) * sourceBytes + numEdges * EDGE_BYTES;
  }

  /**
   * The bytes of a slot that holds any batch of a plan. Memory is zeroed when a slot is made, so a
   * plan of few nodes takes small slots.
   */
  public long slotBytes(ChunkPlan plan) {
    long most = 0;
    for (ChunkPlan.Chunk chunk : plan.chunks()) {
      most = chunk.isLong() ? most : Math.max(most, of(chunk.numNodes(), chunk.numEdges()));
    }
    return Math.min(bytes, most + PADDING_BYTES);
  }

  /** How many edges of one destination fit. */
  public int maxEdges() {
    return Math.toIntExact(Math.max(1, bytes / (sourceBytes + EDGE_BYTES) - 1));
  }
}
