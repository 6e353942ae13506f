package io.millrace.training.models;

import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.Nonlinearity;
import io.millrace.training.nn.Norm;
import java.util.Objects;

/**
 * GraphSAGE with residuals and an inception-like head, SALIENT's most accurate model (Kaler et al.,
 * "Accelerating Training and Inference of Graph Neural Networks with Fast Sampling and Pipelining",
 * MLSys 2022). With {@code c_0} the features and {@code x_0 = c_0}:
 *
 * <pre>
 *   c_l = dropout(act(norm(SAGE(x_(l-1)))))      x_l = c_l + R x_(l-1)
 *   logits = MLP(c_0, c_1, ..., c_L)             R linear where the widths differ
 * </pre>
 *
 * The features are dropped out as well; the perceptron has one hidden layer.
 *
 * @param layers of GraphSAGE with means, each followed by what {@link LayerConfig} says
 */
public record SageRi(LayerConfig layers) implements LayeredModel<SageRi> {
  public SageRi {
    Objects.requireNonNull(layers, "layers");
  }

  /** As SALIENT has it: dropout 0.1, batch normalisation, leaky rectifiers, residuals. */
  public static SageRi of(int hidden, int layers) {
    return new SageRi(
        new LayerConfig(hidden, layers, 0.1, Norm.BATCH, Nonlinearity.LEAKY_RELU, true));
  }

  @Override
  public SageRi layers(LayerConfig value) {
    return new SageRi(value);
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new SageRiBlock(layers, inputDim, numClasses);
  }
}
