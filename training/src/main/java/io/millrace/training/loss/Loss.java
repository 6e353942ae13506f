package io.millrace.training.loss;

/** The training loss. */
public enum Loss {
  /** Softmax cross-entropy: each node has one class. */
  CROSS_ENTROPY,
  /**
   * Binary cross-entropy of each logit by itself: a node can have several labels. Where it has one
   * class, that class is its only label.
   */
  BCE
}
