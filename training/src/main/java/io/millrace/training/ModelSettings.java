package io.millrace.training;

import io.millrace.datasets.BadInputException;

/** The rules that the settings of all models share. */
final class ModelSettings {
  private ModelSettings() {}

  static void require(int hidden, int layers, double dropout) {
    if (hidden < 1 || layers < 1) {
      throw BadInputException.of(
          "a model needs at least one layer and one hidden value",
          "hidden",
          hidden,
          "layers",
          layers);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw BadInputException.of("dropout must be in [0, 1)", "dropout", dropout);
    }
  }

  /** The widths between the layers: the input's, the hidden ones, the output's. */
  static int[] widths(int inputDim, int hidden, int layers, int numClasses) {
    int[] widths = new int[layers + 1];
    java.util.Arrays.fill(widths, hidden);
    widths[0] = inputDim;
    widths[layers] = numClasses;
    return widths;
  }
}
