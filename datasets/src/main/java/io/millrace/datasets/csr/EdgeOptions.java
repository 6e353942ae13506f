package io.millrace.datasets.csr;

import io.millrace.datasets.CsrGraph;

/**
 * How given edges are turned into the edges of a {@link CsrGraph}.
 *
 * @param addReverse each edge {@code src -> dst} is also added as {@code dst -> src}; a self-loop
 *     is its own reverse and is not doubled
 * @param dropDuplicates one of equal edges is kept, after reverse edges were added
 * @param dropSelfLoops edges from a node to itself are left out
 */
public record EdgeOptions(boolean addReverse, boolean dropDuplicates, boolean dropSelfLoops) {
  /** The edges as they are given. */
  public static final EdgeOptions DIRECTED = new EdgeOptions(false, false, false);

  /** Both directions, each edge once, self-loops kept. */
  public static final EdgeOptions UNDIRECTED = new EdgeOptions(true, true, false);
}
