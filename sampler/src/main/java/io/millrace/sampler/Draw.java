package io.millrace.sampler;

/**
 * How a node's neighbours are drawn when not all of them are taken. A value: it can be shared,
 * compared and printed, and it holds no state of a sampler.
 *
 * <p>A hop whose fanout is {@link Fanout#ALL} takes every neighbour once, whatever the draw.
 *
 * <p>To add a kind: a record here, and its {@code RowDraw}.
 */
public sealed interface Draw {
  /**
   * Every subset of the requested size is equally likely. A node with fewer neighbours than the
   * fanout gives them all.
   */
  record Uniform() implements Draw {}

  /**
   * Each draw is any neighbour, independently of the others. A node with neighbours gives exactly
   * as many as the fanout, repeats included.
   */
  record WithReplacement() implements Draw {}

  /** The default: {@link Uniform}. */
  static Draw uniform() {
    return new Uniform();
  }

  static Draw withReplacement() {
    return new WithReplacement();
  }
}
