package io.millrace.training;

import ai.djl.ndarray.NDList;

/**
 * The weights that were best on the validation nodes so far. Of equal ones the earliest stay.
 *
 * <p>Holds one copy of the network's parameters; {@link #close} frees it. One thread.
 */
final class BestWeights implements AutoCloseable {
  private final Network network;
  private NDList weights = new NDList();
  private Evaluation valid = new Evaluation(-1, 0, 0);
  private int epoch = -1;

  BestWeights(Network network) {
    this.network = network;
  }

  /** Keeps the network's present weights if they are the best; says whether they are. */
  boolean offer(int currentEpoch, Evaluation current) {
    if (current.accuracy() <= valid.accuracy()) {
      return false;
    }
    keep(currentEpoch, current, network.copy());
    return true;
  }

  /**
   * Goes on from what another has kept.
   *
   * @param values its weights, which are this one's from now on
   */
  void keep(int keptEpoch, Evaluation keptValid, NDList values) {
    weights.close();
    weights = values;
    valid = keptValid;
    epoch = keptEpoch;
  }

  /** Whether there are any. */
  boolean kept() {
    return !weights.isEmpty();
  }

  void restore() {
    network.restore(weights);
  }

  NDList weights() {
    return weights;
  }

  Evaluation valid() {
    return valid;
  }

  int epoch() {
    return epoch;
  }

  @Override
  public void close() {
    weights.close();
  }
}
