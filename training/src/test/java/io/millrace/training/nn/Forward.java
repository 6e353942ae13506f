package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/** Networks on arrays from anywhere. */
public final class Forward {
  private Forward() {}

  /**
   * The logits, in training with the parameters' own running statistics.
   *
   * @param inputs in the order of {@link GraphBlock}
   */
  public static NDArray logits(Network network, NDList inputs, boolean training) {
    ForwardPass prediction = network.prediction();
    ForwardPass pass = training ? ForwardPass.training(prediction.store(), 1) : prediction;
    return network.logits(inputs.get(0), GraphBlock.edges(inputs, network.numHops()), pass);
  }

  /** One layer of another block. */
  public static NDArray layer(
      GraphBlock block, int layer, NDArray state, MfgTensors edges, ForwardPass pass) {
    return block.layer(layer, state, edges, pass);
  }
}
