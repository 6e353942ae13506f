package io.millrace.datasets.csr;

import io.millrace.datasets.CsrGraph;

/**
 * What becomes of the given edges on their way into a {@link CsrGraph}.
 *
 * @param addReverse each edge {@code src -> dst} also stands as {@code dst -> src}; a self-loop is
 *     its own reverse and is not doubled
 * @param dropDuplicates of equal edges (after reverse edges were added) one stays
 * @param dropSelfLoops edges from a node to itself are left out
 */
public record EdgeOptions(boolean addReverse, boolean dropDuplicates, boolean dropSelfLoops) {
  /** The edges as they are given. */
  public static final EdgeOptions DIRECTED = new EdgeOptions(false, false, false);

  /** Both directions, each edge once, self-loops kept. */
  public static final EdgeOptions UNDIRECTED = new EdgeOptions(true, true, false);
}
