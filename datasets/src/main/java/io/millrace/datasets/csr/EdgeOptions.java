package io.millrace.datasets.csr;

import io.millrace.datasets.CsrGraph;

/**
 * How given edges are turned into the edges of a {@link CsrGraph}.
 *
 * @param addReverse each edge {@code src -> dst} is also added as {@code dst -> src}; a self-loop
 *     is its own reverse and is not doubled
 * @param dropDuplicates one of equal edges is kept, after reverse edges were added
 * @param dropSelfLoops edges from a node to itself are left out
 * @param byTime the edges of a row, if they have times, are in their order and, at the same time,
 *     in that of the input; otherwise in that of their sources
 */
public record EdgeOptions(
    boolean addReverse, boolean dropDuplicates, boolean dropSelfLoops, boolean byTime) {
  /** The edges as they are given. */
  public static final EdgeOptions DIRECTED = new EdgeOptions(false, false, false, false);

  /** Both directions, each edge once, self-loops kept. */
  public static final EdgeOptions UNDIRECTED = new EdgeOptions(true, true, false, false);

  /** As these, for edges that have times: rows are by time, and nothing counts as a duplicate. */
  public EdgeOptions inTimeOrder() {
    return new EdgeOptions(addReverse, false, dropSelfLoops, true);
  }
}
