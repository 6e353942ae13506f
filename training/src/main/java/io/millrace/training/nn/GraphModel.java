package io.millrace.training.nn;

import io.millrace.training.models.GraphSage;

/**
 * What is trained: a description from which the network is made once the dataset is known.
 *
 * <p>Ours are records like {@link GraphSage}. To write one of your own, make a record of plain
 * values that implements this, and a {@link GraphBlock} that computes its layers: pipeline,
 * training, evaluation and files work with any. The record's components are stored with the weights
 * as the model's settings, its class name as its kind; a model file is read back where the class is
 * on the class path. Implementations are immutable. The next class to read is {@link GraphBlock}.
 */
public interface GraphModel {
  /** Hops of neighbours that a prediction needs, which is the length of the fanout; may be 0. */
  int numHops();

  /**
   * Whether the block needs to know how many neighbours each node has in the whole graph, see
   * {@link MfgTensors#degrees}. Not by default.
   */
  default boolean usesDegrees() {
    return false;
  }

  /**
   * A new network of {@link #numHops} hops, not yet initialised; whoever initialises it closes its
   * parameters.
   *
   * @param inputDim columns of the feature matrix
   * @param numClasses columns of the logits
   */
  GraphBlock newBlock(int inputDim, int numClasses);
}
