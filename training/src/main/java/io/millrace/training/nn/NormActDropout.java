package io.millrace.training.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import io.millrace.Internal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The steps between two layers: normalisation, activation, dropout, then the residual, as {@link
 * LayerConfig} describes them. Input and output are {@code [rows x out]}.
 *
 * <p>Parameters: {@code norm.l.*}, and {@code residual.l.weight [out x in]} for a residual between
 * layers of different widths.
 */
@Internal
public final class NormActDropout {
  private final LayerConfig layers;
  private final NormLayer norm;
  private final Optional<LinearLayer> projection;

  /**
   * @param number number of the layer that precedes it
   * @param in columns of that layer's input
   * @param out columns of its output
   */
  public NormActDropout(LayerConfig layers, int number, int in, int out) {
    this.layers = layers;
    norm = NormLayer.of(layers.norm(), "norm." + number, out);
    projection =
        layers.residual() && in != out
            ? Optional.of(LinearLayer.withoutBias("residual." + number + ".weight", in, out))
            : Optional.empty();
  }

  public List<Parameter> parameters() {
    return Stream.concat(
            norm.parameters().stream(), projection.stream().flatMap(p -> p.parameters().stream()))
        .toList();
  }

  /**
   * @param z output of the layer, {@code [rows x out]}
   * @param before its input for the same nodes, {@code [rows x in]}
   */
  public NDArray forward(ForwardPass pass, NDArray z, NDArray before) {
    return withResidual(pass, values(pass, z), before);
  }

  /** Applies normalisation, activation and dropout, without the residual. */
  public NDArray values(ForwardPass pass, NDArray z) {
    return pass.dropout(layers.activation().of(norm.forward(pass, z)), layers.dropout());
  }

  public NDArray withResidual(ForwardPass pass, NDArray values, NDArray before) {
    if (!layers.residual()) {
      return values;
    }
    return values.add(projection.isPresent() ? projection.get().forward(pass, before) : before);
  }
}
