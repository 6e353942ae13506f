package io.millrace.training;

import ai.djl.nn.Block;

/**
 * What is trained: a description from which the network is made once the dataset is known.
 *
 * <p>The block it makes takes an NDList: {@code x}, float32 {@code [numNodes x inputDim]}, the
 * features of all nodes of a batch, seeds first; then for each of the {@link #numHops} layers, from
 * the input to the seeds, {@code indices} (int32 {@code [numEdges]}, local ids of the sources) and
 * {@code indptr} (int32 {@code [numDst + 1]}). A layer's destinations are the first {@code numDst}
 * of its sources, and they are the sources of the next layer. It gives one array: the logits,
 * float32 {@code [numSeeds x numClasses]}.
 *
 * <p>A block knows the shapes of all its parameters when it is made. The names of the parameters
 * are those in the weights file, so they must not change between versions. {@link Aggregation} has
 * the sums and means over neighbours. Implementations are immutable; records are, and their
 * components are stored with the weights as the model's settings. The next class to read is {@link
 * GraphSage}.
 */
public interface GraphModel {
  /** Hops of neighbours that a prediction needs, which is the length of the fanout; may be 0. */
  int numHops();

  /**
   * A new network, not yet initialised; whoever initialises it closes its parameters.
   *
   * @param inputDim columns of the feature matrix
   * @param numClasses columns of the logits
   */
  Block newBlock(int inputDim, int numClasses);
}
