package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;

/**
 * The first values of a linear layer's weights and bias, uniform in {@code [-b, b)} with {@code b =
 * 1 / sqrt(fanIn)}: what torch.nn.Linear and PyG's Linear start from (He et al. 2015 with a = sqrt
 * 5). Drawn from torch's generator, so a seed repeats them.
 *
 * @param fanIn columns that come in
 */
record UniformInitializer(int fanIn) implements Initializer {
  @Override
  public NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
    float bound = (float) (1 / Math.sqrt(fanIn));
    return manager.randomUniform(-bound, bound, shape, dataType);
  }
}
