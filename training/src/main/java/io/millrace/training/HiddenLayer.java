package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import java.util.List;

/**
 * What stands between two layers: normalisation, then rectifier, then dropout.
 *
 * <p>{@code [rows x width]} in and out. Batch normalisation is torch's BatchNorm1d: eps 1e-5,
 * running statistics that take over a tenth of each batch's (the unbiased variance). A single row
 * has no variance, so it is normalised by the running statistics even in training.
 */
final class HiddenLayer {
  private static final float EPS = 1e-5f;

  /** DJL counts what is kept, torch what is taken over: torch's momentum is 0.1. */
  private static final float KEPT = 0.9f;

  private final float dropout;
  private final List<Parameter> normalisation; // weight, bias, running mean and variance; or none

  HiddenLayer(Norm norm, double dropout, int number, int width) {
    this.dropout = (float) dropout;
    String name = "norm." + number;
    normalisation =
        switch (norm) {
          case NONE -> List.of();
          case BATCH ->
              List.of(
                  parameter(name + ".weight", Parameter.Type.GAMMA, width),
                  parameter(name + ".bias", Parameter.Type.BETA, width),
                  parameter(name + ".running_mean", Parameter.Type.RUNNING_MEAN, width),
                  parameter(name + ".running_var", Parameter.Type.RUNNING_VAR, width));
        };
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

  List<Parameter> parameters() {
    return normalisation;
  }

  NDArray forward(Pass pass, NDArray x) {
    NDArray h = normalisation.isEmpty() ? x : normalised(pass, x);
    h = Activation.relu(h);
    return pass.training() && dropout > 0 ? Dropout.dropout(h, dropout, true).head() : h;
  }

  private NDArray normalised(Pass pass, NDArray x) {
    NDArray[] values = new NDArray[4];
    for (int i = 0; i < values.length; i++) {
      values[i] = pass.value(normalisation.get(i), x.getDevice());
    }
    boolean byBatch = pass.training() && x.getShape().get(0) > 1;
    return BatchNorm.batchNorm(
            x, values[2], values[3], values[0], values[1], -1, KEPT, EPS, byBatch)
        .head();
  }
}
