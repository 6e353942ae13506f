package io.millrace.training.inference;

/**
 * How large a chunk of nodes may be whose neighbours are all read: the rows that enter, as float32
 * or as wide as what the layer makes of them, whichever is more, and the layer's working arrays
 * with one entry an edge, must fit into {@code bytes}.
 *
 * <p>Every source is counted as often as it is an edge's, so that the cut is a function of degrees
 * alone; a chunk then needs less, never more. Immutable.
 *
 * @param bytes of a chunk
 * @param sourceBytes of a source: its row, its id, its degree
 * @param numNodes of the graph: no chunk has more sources
 */
record ChunkCost(long bytes, long sourceBytes, long numNodes) {
  /** Of the neighbour's id and of what a layer computes per edge. */
  private static final long EDGE_BYTES = 64;

  static ChunkCost of(long bytes, int inputDim, int outputDim, long numNodes) {
    long rowBytes = (long) Math.max(inputDim, outputDim) * Float.BYTES;
    return new ChunkCost(bytes, rowBytes + 4 * Integer.BYTES, numNodes);
  }

  boolean fits(long numDst, long numEdges) {
    return of(numDst, numEdges) <= bytes;
  }

  long of(long numDst, long numEdges) {
    return Math.min(numNodes, numDst + numEdges) * sourceBytes + numEdges * EDGE_BYTES;
  }

  /** How many edges of one destination fit. */
  int maxEdges() {
    return Math.toIntExact(Math.max(1, bytes / (sourceBytes + EDGE_BYTES) - 1));
  }
}
