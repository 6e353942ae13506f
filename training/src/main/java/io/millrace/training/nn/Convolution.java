package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import io.millrace.Internal;
import java.util.List;

/**
 * The linear part of a layer: it maps a node's own values and its neighbours' to the next values.
 */
@Internal
public interface Convolution {
  List<Parameter> parameters();

  /**
   * @param h {@code [numSrc x in]}
   * @return {@code [numDst x out]}
   */
  NDArray forward(ForwardPass pass, NDArray h, MfgTensors edges);

  /** As {@link GraphBlock#valuesPerEdge}. */
  default int valuesPerEdge() {
    return 0;
  }

  /** As {@link GraphBlock#readsInPlace}. */
  default boolean readsInPlace() {
    return false;
  }

  /** Makes the convolution of one layer. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param layer number of the layer
     * @param in columns of the layer's input
     * @param out columns of the layer's output
     */
    Convolution layer(int layer, int in, int out);
  }
}
