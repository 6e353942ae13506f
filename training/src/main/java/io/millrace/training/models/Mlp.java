package io.millrace.training.models;

import io.millrace.training.nn.ChainBlock;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.LinearLayer;
import java.util.Objects;

/**
 * A multilayer perceptron on the nodes' own features: the baseline that ignores the graph. {@code
 * h'(v) = W h(v) + b}; parameters of layer {@code l}: {@code linear.l.weight [out x in]} and {@code
 * linear.l.bias [out]}.
 *
 * @param layers what stands between them, and how many; the last one gives the logits
 */
public record Mlp(LayerConfig layers) implements LayeredModel<Mlp> {
  public Mlp {
    Objects.requireNonNull(layers, "layers");
  }

  /** With dropout 0.5 and batch normalisation. */
  public static Mlp of(int hidden, int layers) {
    return new Mlp(LayerConfig.of(hidden, layers));
  }

  @Override
  public Mlp layers(LayerConfig value) {
    return new Mlp(value);
  }

  @Override
  public int numHops() {
    return 0;
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new ChainBlock(
        this,
        inputDim,
        numClasses,
        (layer, in, out) ->
            LinearLayer.withBias(
                "linear." + layer + ".weight", "linear." + layer + ".bias", in, out));
  }
}
