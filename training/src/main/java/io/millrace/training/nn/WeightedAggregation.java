package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.millrace.training.torch.Scalars;

/**
 * Sums and means of each destination's neighbours by the weights of the edges, as {@link
 * Aggregation} does without weights. From a sample they estimate those over all neighbours. The
 * model must name the weights in {@link GraphModel#edgeColumns}. Stateless and thread-safe.
 *
 * <p>Where the draw has a scale, an edge's factor is its scale; elsewhere it is the weight, and the
 * sum is multiplied by the neighbours in the graph per neighbour drawn, which is exact for all
 * neighbours and unbiased for random draws that do not look at weights.
 */
public final class WeightedAggregation {
  private WeightedAggregation() {}

  /**
   * The sum of weight times row over all neighbours in the graph; from a sample, an unbiased
   * estimate of it. The model must say that it uses degrees.
   *
   * @param x {@code [numSrc x dim]}
   * @return {@code [numDst x dim]}
   */
  public static NDArray sum(NDArray x, MfgTensors edges) {
    NDArray sum = Aggregation.weightedSum(x, factors(edges), edges);
    return edges.hasScale() ? sum : sum.mul(perNeighbor(edges));
  }

  /**
   * The mean over all neighbours by weight; from a sample, the ratio of the estimates of sum and
   * weights. 0 where the sum of the weights is 0.
   *
   * @param x {@code [numSrc x dim]}
   * @return {@code [numDst x dim]}
   */
  public static NDArray mean(NDArray x, MfgTensors edges) {
    NDArray factors = factors(edges);
    NDArray sum = Aggregation.weightedSum(x, factors, edges);
    NDArray total = Aggregation.sumOfEdges(factors, edges);
    NDArray nothing = total.eq(Scalars.like(total, 0)).toType(DataType.FLOAT32, false);
    return sum.div(total.add(nothing));
  }

  /** {@code [numEdges x 1]}. */
  private static NDArray factors(MfgTensors edges) {
    return (edges.hasScale() ? edges.scale() : edges.edgeWeights()).reshape(-1, 1);
  }

  /** {@code [numDst x 1]}: the neighbours in the graph for each one drawn. */
  private static NDArray perNeighbor(MfgTensors edges) {
    NDArray drawn = edges.numNeighbors().toType(DataType.FLOAT32, false);
    NDArray all = edges.destinations(edges.degrees()).toType(DataType.FLOAT32, false);
    return all.div(drawn.maximum(Scalars.like(drawn, 1))).reshape(-1, 1);
  }
}
