package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.training.torch.Scalars;

/**
 * The softmax over a node's neighbours and itself, and the sum weighted with it (GAT, equations 3
 * and 4), for several heads.
 *
 * <p>Each edge has one number per head, never a row. Numerator and denominator are accumulated
 * separately and divided per destination. The greatest exponent of a destination is subtracted from
 * all of its exponents, which changes no quotient and keeps {@code exp} from overflowing. Because
 * LeakyReLU is increasing, that maximum follows from the greatest source score. Stateless.
 */
@Internal
public final class Attention {
  private static final float SLOPE = 0.2f;

  private Attention() {}

  /**
   * @throws BadInputException unless the heads share the hidden columns equally
   */
  public static void requireHeads(int heads, LayerConfig layers) {
    if (heads < 1 || layers.hidden() % heads != 0) {
      throw BadInputException.of(
          "hidden values must be a multiple of the heads",
          "hidden",
          layers.hidden(),
          "heads",
          heads);
    }
  }

  /**
   * @param z {@code [numSrc x heads * dim]}
   * @param src scores of the sources, {@code [numSrc x heads]}
   * @param dst scores of the destinations, {@code [numDst x heads]}
   * @return {@code [numDst x heads * dim]}
   */
  public static NDArray weightedSum(NDArray z, NDArray src, NDArray dst, MfgTensors edges) {
    NDArray self = edges.destinations(src);
    NDArray ofNeighbors = Aggregation.max(src.stopGradient(), edges);
    NDArray greatest = exponent(greatest(ofNeighbors, self, edges), dst).stopGradient();
    NDArray perEdge =
        exponent(Aggregation.fromSources(src, edges), Aggregation.fromDestinations(dst, edges))
            .sub(Aggregation.fromDestinations(greatest, edges))
            .exp();
    NDArray perSelf = exponent(self, dst).sub(greatest).exp();
    NDArray denominator = Aggregation.weightedSum(src.onesLike(), perEdge, edges).add(perSelf);
    return normalised(z, perEdge, perSelf, denominator, edges);
  }

  /**
   * As {@link #weightedSum}, where each edge has its own exponent.
   *
   * @param z {@code [numSrc x heads * dim]}
   * @param edgeScores exponents of the edges, {@code [numEdges x heads]}
   * @param selfScores those of the destinations themselves, {@code [numDst x heads]}
   * @return {@code [numDst x heads * dim]}
   */
  public static NDArray weightedSumByEdge(
      NDArray z, NDArray edgeScores, NDArray selfScores, MfgTensors edges) {
    NDArray ofEdges = Aggregation.maxOfEdges(edgeScores.stopGradient(), edges);
    NDArray greatest = greatest(ofEdges, selfScores, edges).stopGradient();
    NDArray perEdge = edgeScores.sub(Aggregation.fromDestinations(greatest, edges)).exp();
    NDArray perSelf = selfScores.sub(greatest).exp();
    NDArray denominator = Aggregation.sumOfEdges(perEdge, edges).add(perSelf);
    return normalised(z, perEdge, perSelf, denominator, edges);
  }

  private static NDArray normalised(
      NDArray z, NDArray perEdge, NDArray perSelf, NDArray denominator, MfgTensors edges) {
    NDArray numerator =
        Aggregation.weightedSum(z, perEdge, edges).add(scaled(edges.destinations(z), perSelf));
    return scaled(numerator, denominator.onesLike().div(denominator));
  }

  private static NDArray exponent(NDArray src, NDArray dst) {
    return Activation.leakyRelu(src.add(dst), SLOPE);
  }

  /** The greatest score of each destination, its own included. */
  private static NDArray greatest(NDArray ofNeighbors, NDArray self, MfgTensors edges) {
    NDArray counts = edges.numNeighbors();
    NDArray alone =
        counts.eq(Scalars.like(counts, 0)).toType(DataType.FLOAT32, false).reshape(-1, 1);
    return ofNeighbors.add(self.mul(alone)).maximum(self); // the max of no neighbours is 0
  }

  /** Multiplies each head's columns by the factor of the head, {@code [rows x heads]}. */
  private static NDArray scaled(NDArray z, NDArray factors) {
    long rows = z.getShape().get(0);
    long heads = factors.getShape().get(1);
    return z.reshape(rows, heads, z.getShape().get(1) / heads)
        .mul(factors.reshape(rows, heads, 1))
        .reshape(z.getShape());
  }
}
