package io.millrace.slicing.cache;

/** Which rows are the hottest. */
public enum CacheRanking {
  /**
   * The rows of the nodes that are most probably in a batch: vertex inclusion probability, after
   * SALIENT++ (MLSys 2023). It depends on training nodes, batch size and fanout.
   */
  VIP,
  /**
   * The rows of the nodes that occur most often as a neighbour. It does not depend on the training
   * nodes, so it also serves evaluations of other nodes.
   */
  DEGREE
}
