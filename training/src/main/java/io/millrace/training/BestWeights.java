package io.millrace.training;

import ai.djl.ndarray.NDList;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.training.nn.Network;
import java.util.Optional;

/**
 * The weights that were best on the validation nodes so far, by a metric. Ties go to the earliest
 * epoch.
 *
 * <p>Holds one copy of the network's parameters; {@link #close} frees it. One thread.
 */
final class BestWeights implements AutoCloseable {
  private final Network network;
  private final Metric metric;
  private NDList weights = new NDList();
  private Optional<Evaluation> valid = Optional.empty();
  private int epoch = -1;

  BestWeights(Network network, Metric metric) {
    this.network = network;
    this.metric = metric;
  }

  /** Keeps the network's present weights if they are the best; says whether they are. */
  boolean offer(int currentEpoch, Evaluation current) {
    if (valid.isPresent() && metric.goodness(current) <= metric.goodness(valid.get())) {
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
    valid = Optional.of(keptValid);
    epoch = keptEpoch;
  }

  /** Whether there are any. */
  boolean kept() {
    return valid.isPresent();
  }

  void restore() {
    network.restore(weights);
  }

  NDList weights() {
    return weights;
  }

  /** The validation of the best epoch, which must exist. */
  Evaluation valid() {
    return valid.orElseThrow();
  }

  /** The best one, or -1 if there was none. */
  int epoch() {
    return epoch;
  }

  @Override
  public void close() {
    weights.close();
  }
}
