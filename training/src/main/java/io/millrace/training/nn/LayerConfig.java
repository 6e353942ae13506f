package io.millrace.training.nn;

import io.millrace.BadInputException;
import java.util.Arrays;
import java.util.Objects;

/**
 * The settings that all built-in models share. Between two layers the values are normalised, then
 * activated, then dropout is applied; then a residual is added.
 *
 * @param hidden columns of the values between two layers
 * @param count number of layers; in a model that reads neighbours it is also the number of hops
 * @param dropout share of the hidden values that is set to 0 in training, in [0, 1)
 * @param norm normalisation of the hidden values
 * @param activation nonlinearity between two layers
 * @param residual whether the input of a layer is added to its hidden values, through a linear map
 *     where the widths differ (He et al. 2016)
 */
public record LayerConfig(
    int hidden, int count, double dropout, Norm norm, Nonlinearity activation, boolean residual) {
  private static final int MAX_HIDDEN = 1 << 20;
  private static final int MAX_COUNT = 1024;

  public LayerConfig {
    if (hidden < 1 || count < 1) {
      throw BadInputException.of(
          "a model needs at least one layer and one hidden value",
          "hidden",
          hidden,
          "layers",
          count);
    }
    if (hidden > MAX_HIDDEN || count > MAX_COUNT) {
      throw BadInputException.of(
          "a model has at most %s hidden values and %s layers".formatted(MAX_HIDDEN, MAX_COUNT),
          "hidden",
          hidden,
          "layers",
          count);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw BadInputException.of("dropout must be in [0, 1)", "dropout", dropout);
    }
    Objects.requireNonNull(norm, "norm");
    Objects.requireNonNull(activation, "activation");
  }

  /** The defaults: dropout 0.5, batch normalisation and ReLU, without residuals. */
  public static LayerConfig of(int hidden, int count) {
    return new LayerConfig(hidden, count, 0.5, Norm.BATCH, Nonlinearity.RELU, false);
  }

  public LayerConfig dropout(double value) {
    return new LayerConfig(hidden, count, value, norm, activation, residual);
  }

  public LayerConfig norm(Norm value) {
    return new LayerConfig(hidden, count, dropout, value, activation, residual);
  }

  public LayerConfig activation(Nonlinearity value) {
    return new LayerConfig(hidden, count, dropout, norm, value, residual);
  }

  public LayerConfig residual(boolean value) {
    return new LayerConfig(hidden, count, dropout, norm, activation, value);
  }

  /** The widths between the layers: the input's, the hidden ones, the output's. */
  int[] widths(int inputDim, int numClasses) {
    int[] widths = new int[count + 1];
    Arrays.fill(widths, hidden);
    widths[0] = inputDim;
    widths[count] = numClasses;
    return widths;
  }
}
