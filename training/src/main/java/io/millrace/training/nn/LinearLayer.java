package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.Initializer;
import io.millrace.Internal;
import java.util.List;

/**
 * {@code y = x W^T + b}, the bias optional: {@code [rows x in]} to {@code [rows x out]}.
 *
 * @param parameters the weight {@code [out x in]}, then the bias {@code [out]} if there is one
 */
@Internal
public record LinearLayer(List<Parameter> parameters) implements Convolution {
  public static LinearLayer withBias(String weight, String bias, int in, int out) {
    return new LinearLayer(
        List.of(
            parameter(weight, Parameter.Type.WEIGHT, in, new Shape(out, in)),
            parameter(bias, Parameter.Type.BIAS, in, new Shape(out))));
  }

  public static LinearLayer withoutBias(String weight, int in, int out) {
    return new LinearLayer(
        List.of(parameter(weight, Parameter.Type.WEIGHT, in, new Shape(out, in))));
  }

  /** Maps each destination's own values; there may be no edges. */
  @Override
  public NDArray forward(ForwardPass pass, NDArray h, MfgTensors edges) {
    return forward(pass, edges.destinations(h));
  }

  /**
   * A parameter whose initial values are those of torch.nn.Linear and of PyG's Linear: uniform in
   * {@code [-b, b)} with {@code b = 1 / sqrt(fanIn)} (He et al. 2015 with a = sqrt 5), drawn from
   * torch's generator.
   */
  public static Parameter parameter(String name, Parameter.Type type, int fanIn, Shape shape) {
    return Parameter.builder()
        .setName(name)
        .setType(type)
        .optShape(shape)
        .optInitializer(new Uniform((float) (1 / Math.sqrt(fanIn))))
        .build();
  }

  public NDArray forward(ForwardPass pass, NDArray x) {
    NDArray weight = pass.value(parameters.get(0), x.getDevice());
    NDList y =
        parameters.size() == 1
            ? Linear.linear(x, weight)
            : Linear.linear(x, weight, pass.value(parameters.get(1), x.getDevice()));
    return y.head();
  }

  private record Uniform(float bound) implements Initializer {
    @Override
    public NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
      return manager.randomUniform(-bound, bound, shape, dataType);
    }
  }
}
