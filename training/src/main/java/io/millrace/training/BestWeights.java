package io.millrace.training;

import ai.djl.ndarray.NDList;
import java.util.Optional;

/**
 * The weights that were best on the validation nodes so far, by a metric. Of equal ones the
 * earliest stay.
 *
 * <p>Holds one copy of the network's parameters; {@link #close} frees it. One thread.
 */
final class BestWeights implements AutoCloseable {
  private final Network network;
  private final Metric metric;
  private NDList weights = new NDList();
  private Optional<Evaluation> valid = Optional.empty();
  private int epoch;

  BestWeights(Network network, Metric metric) {
    this.network = network;
    this.metric = metric;
  }

  /** Keeps the network's present weights if they are the best; says whether they are. */
  boolean offer(int currentEpoch, Evaluation current) {
    if (valid.isPresent() && metric.of(current) <= metric.of(valid.get())) {
      return false;
    }
    weights.close();
    weights = network.copy();
    valid = Optional.of(current);
    epoch = currentEpoch;
    return true;
  }

  void restore() {
    network.restore(weights);
  }

  NDList weights() {
    return weights;
  }

  /** Of the best epoch; there was one. */
  Evaluation valid() {
    return valid.orElseThrow();
  }

  int epoch() {
    return epoch;
  }

  @Override
  public void close() {
    weights.close();
  }
}
