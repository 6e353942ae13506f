package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.millrace.Internal;

/** How GraphSAGE reduces the rows of a node's neighbours to one row. */
public enum Aggregator {
  MEAN,
  /** The maximum of each column. */
  MAX,
  /**
   * The sum over all neighbours in the graph; from a uniform sample, an unbiased estimate of it.
   */
  SUM,
  /**
   * The mean by the weights of the edges; from a sample, an estimate of that over all neighbours.
   */
  WEIGHTED_MEAN;

  @Internal
  public boolean usesDegrees() {
    return this == SUM;
  }

  @Internal
  public boolean usesWeights() {
    return this == WEIGHTED_MEAN;
  }

  /** {@code [numSrc x dim]} to {@code [numDst x dim]}; 0 for a node without neighbours. */
  @Internal
  public NDArray aggregate(NDArray h, MfgTensors edges) {
    return switch (this) {
      case MEAN -> Aggregation.mean(h, edges);
      case MAX -> Aggregation.max(h, edges);
      case WEIGHTED_MEAN -> WeightedAggregation.mean(h, edges);
      case SUM -> {
        NDArray degrees = edges.destinations(edges.degrees()).toType(DataType.FLOAT32, false);
        yield Aggregation.mean(h, edges).mul(degrees.reshape(-1, 1));
      }
    };
  }
}
