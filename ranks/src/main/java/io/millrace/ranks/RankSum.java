package io.millrace.ranks;

/** In which order the gradients of a step are added up. */
public enum RankSum {
  /**
   * That of the virtual nodes, so the sum has the same bits for any number of ranks. A rank keeps a
   * gradient for each of its virtual nodes until the end of the step.
   */
  ORDERED,
  /**
   * Each rank's own first, then around the ring: the same bits every time for the same number of
   * ranks and the same division, others for another. A rank keeps one gradient only.
   */
  RING
}
