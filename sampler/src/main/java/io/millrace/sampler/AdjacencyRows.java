package io.millrace.sampler;

/**
 * Reads the rows of a graph for a {@link NeighborSampler}, which asks for many at a time: first
 * where they lie, then the neighbours at the positions that it has drawn. A {@code CsrGraph} is
 * read through one of these, and so is a graph that is made of several parts.
 *
 * <p>A position is a number that this object gave out; it has a meaning until the next call of
 * {@link #bounds}, or for ever if it {@link #hasEdgePositions}. Used by one thread.
 */
public interface AdjacencyRows {
  /** Node ids are below this. */
  int numNodes();

  /**
   * Whether a position is that of the edge in one {@code CsrGraph}, whose attributes of edges lie
   * at the same positions. The default is false.
   */
  default boolean hasEdgePositions() {
    return false;
  }

  /**
   * Finds rows.
   *
   * @param nodes ids; those from {@code begin} to {@code end} are asked for, and are in range
   * @param starts receives the position of the first neighbour of each, from index 0 on
   * @param lengths receives the number of neighbours of each, from index 0 on
   * @throws io.millrace.BadInputException if the graph is damaged there
   */
  void bounds(int[] nodes, int begin, int end, long[] starts, long[] lengths);

  /**
   * Reads neighbours.
   *
   * @param edges whose positions lie within rows that {@link #bounds} has found; receives the ids
   * @param count how many edges there are
   * @throws io.millrace.BadInputException if the graph is damaged there
   */
  void neighbors(DrawnEdges edges, int count);
}
