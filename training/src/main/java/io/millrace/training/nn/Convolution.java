package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import io.millrace.Internal;
import java.util.List;

/** The linear part of a layer: a node's own values and its neighbours', to the next ones. */
@Internal
public interface Convolution {
  List<Parameter> parameters();

  /**
   * @param h {@code [numSrc x in]}
   * @return {@code [numDst x out]}
   */
  NDArray forward(ForwardPass pass, NDArray h, MfgTensors edges);

  /** Makes the convolution of one layer. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param layer its number
     * @param in columns of what enters it
     * @param out columns of what leaves it
     */
    Convolution layer(int layer, int in, int out);
  }
}
