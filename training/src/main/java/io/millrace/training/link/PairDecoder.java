package io.millrace.training.link;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.millrace.Internal;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.Network;

/**
 * Scores pairs of embeddings on their device, so that the loss has gradients of embeddings and
 * decoder. One thread.
 *
 * @param network whose decoder it is; without one, scores are dot products
 * @param pass of the batch
 */
@Internal
public record PairDecoder(Network network, ForwardPass pass) {
  /**
   * The score of each pair.
   *
   * @param src {@code [pairs x dim]}
   * @param dst {@code [pairs x dim]}
   * @return {@code [pairs]}
   */
  NDArray pairs(NDArray src, NDArray dst) {
    NDArray products = src.mul(dst);
    return network.hasDecoder()
        ? network.decode(products, pass).reshape(-1)
        : products.sum(new int[] {1});
  }

  /**
   * The scores of all sources with all destinations.
   *
   * @param src {@code [sources x dim]}
   * @param dst {@code [destinations x dim]}
   * @return {@code [sources x destinations]}
   */
  NDArray all(NDArray src, NDArray dst) {
    if (!network.hasDecoder()) {
      return src.matMul(dst.transpose());
    }
    Shape cells = new Shape(src.getShape().get(0), dst.getShape().get(0));
    NDArray products = src.expandDims(1).mul(dst.expandDims(0));
    NDArray rows = products.reshape(cells.size(), src.getShape().get(1));
    return network.decode(rows, pass).reshape(cells);
  }
}
