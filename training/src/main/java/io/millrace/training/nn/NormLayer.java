package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import io.millrace.Internal;
import java.util.List;

/**
 * A {@link Norm} with its parameters. Input and output are {@code [rows x width]}; eps is 1e-5.
 *
 * <p>Batch normalisation is torch's BatchNorm1d: in training the running statistics move by a tenth
 * towards those of each batch (with the unbiased variance), until {@code PopulationStatistics}
 * replaces them. A single row has no variance, so it is normalised by the running statistics even
 * in training.
 *
 * @param parameters weight and bias, and for batch normalisation also running mean and variance
 */
@Internal
public record NormLayer(Norm norm, List<Parameter> parameters) {
  private static final float EPS = 1e-5f;

  public static NormLayer of(Norm norm, String name, int width) {
    Parameter weight = parameter(name + ".weight", Parameter.Type.GAMMA, width);
    Parameter bias = parameter(name + ".bias", Parameter.Type.BETA, width);
    return new NormLayer(
        norm,
        switch (norm) {
          case NONE -> List.of();
          case LAYER -> List.of(weight, bias);
          case BATCH ->
              List.of(
                  weight,
                  bias,
                  parameter(name + ".running_mean", Parameter.Type.RUNNING_MEAN, width),
                  parameter(name + ".running_var", Parameter.Type.RUNNING_VAR, width));
        });
  }

  private static Parameter parameter(String name, Parameter.Type type, int width) {
    boolean learned = type == Parameter.Type.GAMMA || type == Parameter.Type.BETA;
    return Parameter.builder()
        .setName(name)
        .setType(type)
        .optShape(new Shape(width))
        .optRequiresGrad(learned)
        .build();
  }

  public NDArray forward(ForwardPass pass, NDArray x) {
    List<NDArray> values =
        parameters.stream().map(parameter -> pass.value(parameter, x.getDevice())).toList();
    return switch (norm) {
      case NONE -> x;
      case LAYER ->
          LayerNorm.layerNorm(x, new Shape(x.getShape().get(1)), values.get(0), values.get(1), EPS)
              .head();
      case BATCH -> {
        boolean byBatch = pass.training() && x.getShape().get(0) > 1;
        yield BatchNorm.batchNorm(
                x,
                values.get(2),
                values.get(3),
                values.get(0),
                values.get(1),
                -1,
                pass.keptStatistics(),
                EPS,
                byBatch)
            .head();
      }
    };
  }
}
