package io.millrace.training.inference.chunks;

import io.millrace.Internal;

/**
 * The size limit of a chunk of nodes whose neighbours are all read. The layer's input rows, counted
 * as float32 at the wider of input and output width, and its working arrays with one entry per edge
 * must fit into {@code bytes}.
 *
 * <p>Every source is counted once per edge, so the cut is a function of the degrees alone. A chunk
 * therefore never needs more than its cost, often less. Immutable.
 *
 * @param bytes the limit of a chunk
 * @param sourceBytes bytes per source: its row, its id, its degree
 * @param edgeBytes bytes per edge: the neighbour's id, and what a layer reads and computes per edge
 * @param numNodes number of nodes in the graph: no chunk has more sources
 */
@Internal
public record ChunkCost(long bytes, long sourceBytes, long edgeBytes, long numNodes) {
  /** The bytes per edge of a layer that holds no rows per edge. */
  private static final long EDGE_BYTES = 64;

  /** Upper bound of the padding between the arrays of a slot. */
  private static final long PADDING_BYTES = 4096;

  /**
   * @param moreEdgeBytes bytes per edge of attributes and of rows
   */
  public static ChunkCost of(
      long bytes, int inputDim, int outputDim, long moreEdgeBytes, long numNodes) {
    long rowBytes = (long) Math.max(inputDim, outputDim) * Float.BYTES;
    return new ChunkCost(bytes, rowBytes + 4 * Integer.BYTES, EDGE_BYTES + moreEdgeBytes, numNodes);
  }

  public boolean fits(long numDst, long numEdges) {
    return of(numDst, numEdges) <= bytes;
  }

  public long of(long numDst, long numEdges) {
    return Math.min(numNodes, numDst + numEdges) * sourceBytes + numEdges * edgeBytes;
  }

  /**
   * The bytes of a slot that holds any batch of a plan. A plan of few nodes takes small slots,
   * because memory that lies on no huge pages is zeroed when a slot is made.
   */
  public long slotBytes(ChunkPlan plan) {
    long most = 0;
    for (ChunkPlan.Chunk chunk : plan.chunks()) {
      most = chunk.isLong() ? most : Math.max(most, of(chunk.numNodes(), chunk.numEdges()));
    }
    return Math.min(bytes, most + PADDING_BYTES);
  }

  /** The number of edges of one destination that fit. */
  public int maxEdges() {
    return Math.toIntExact(Math.max(1, bytes / (sourceBytes + edgeBytes) - 1));
  }
}
