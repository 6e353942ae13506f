package io.millrace.training.models;

import io.millrace.training.nn.ChainBlock;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import java.util.Objects;

/**
 * The graph isomorphism network (Xu, Hu, Leskovec and Jegelka, "How Powerful are Graph Neural
 * Networks?", ICLR 2019, equation 4.1): {@code h'(v) = MLP((1 + eps) h(v) + sum(h(u), u in N(v)))}
 * with a learned eps and a perceptron of two linear layers.
 *
 * @param layers what stands between them, and how many; the last one gives the logits
 */
public record Gin(LayerConfig layers) implements LayeredModel<Gin> {
  public Gin {
    Objects.requireNonNull(layers, "layers");
  }

  /** With dropout 0.5 and batch normalisation. */
  public static Gin of(int hidden, int layers) {
    return new Gin(LayerConfig.of(hidden, layers));
  }

  @Override
  public Gin layers(LayerConfig value) {
    return new Gin(value);
  }

  @Override
  public boolean usesDegrees() {
    return true;
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new ChainBlock(
        numHops(),
        layers,
        inputDim,
        numClasses,
        (layer, in, out) -> GinConvolution.of(layers, layer, in, out));
  }
}
