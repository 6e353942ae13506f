package io.millrace.training.nn;

import io.millrace.datasets.EdgeColumns;

/**
 * The description of a model, from which the network is made once the dataset is known.
 *
 * <p>The built-in models are records like {@code GraphSage}. To write another, make a record of
 * plain values that implements this interface, and a {@link GraphBlock} that computes its layers:
 * pipeline, training, evaluation and files work with any such model. The record's components are
 * stored with the weights as the model's settings, its class name as its kind; a model file is read
 * back where the class is on the class path. Implementations are immutable. The next class to read
 * is {@link GraphBlock}.
 */
public interface GraphModel {
  /** The number of hops that a prediction needs, which is the length of the fanout; may be 0. */
  int numHops();

  /**
   * Whether the block needs to know how many neighbours each node has in the whole graph, see
   * {@link MfgTensors#degrees}. The default is false.
   */
  default boolean usesDegrees() {
    return false;
  }

  /**
   * Whether the block needs the sum of the weights of each node's edges in the whole graph, see
   * {@link MfgTensors#weightedDegrees}. The default is false.
   */
  default boolean usesWeightedDegrees() {
    return false;
  }

  /**
   * What the block reads of edges besides their ends, see {@link MfgTensors#edgeWeights} and its
   * siblings; the default is nothing. A dataset whose edges lack it is refused, also one with
   * another number of edge features.
   */
  default EdgeColumns edgeColumns() {
    return EdgeColumns.NONE;
  }

  /**
   * A new network of {@link #numHops} hops, not yet initialised; the code that initialises it
   * closes its parameters.
   *
   * @param inputDim columns of the feature matrix
   * @param numClasses columns of the logits
   */
  GraphBlock newBlock(int inputDim, int numClasses);
}
