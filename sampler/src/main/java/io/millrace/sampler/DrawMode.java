package io.millrace.sampler;

/** How a node's neighbours are drawn when it has more than the fanout asks for. */
public enum DrawMode {
  /**
   * Every subset of the asked size is equally likely; a node with fewer neighbours gives them all.
   */
  WITHOUT_REPLACEMENT,
  /**
   * Each draw is any neighbour, independently; a node with neighbours gives exactly the fanout,
   * repeats included.
   */
  WITH_REPLACEMENT
}
