package io.millrace.training.models;

import io.millrace.BadInputException;
import io.millrace.training.nn.ChainBlock;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.Nonlinearity;
import java.util.Objects;

/**
 * The graph attention network (Veličković et al., "Graph Attention Networks", ICLR 2018, equations
 * 1 to 6): each head weighs a node and its neighbours by a softmax over what they and the node
 * hold, and sums them up. Hidden layers concatenate their heads, the last one takes the mean of
 * them. Attention itself is not dropped out.
 *
 * @param layers what stands between them, and how many; the last one gives the logits
 * @param heads of each layer; the hidden values are shared out among them
 */
public record Gat(LayerConfig layers, int heads) implements LayeredModel<Gat> {
  public Gat {
    Objects.requireNonNull(layers, "layers");
    if (heads < 1 || layers.hidden() % heads != 0) {
      throw BadInputException.of(
          "hidden values must be a multiple of the heads",
          "hidden",
          layers.hidden(),
          "heads",
          heads);
    }
  }

  /** With 4 heads, dropout 0.5, batch normalisation and ELU. */
  public static Gat of(int hidden, int layers) {
    return new Gat(LayerConfig.of(hidden, layers).activation(Nonlinearity.ELU), 4);
  }

  @Override
  public Gat layers(LayerConfig value) {
    return new Gat(value, heads);
  }

  public Gat heads(int value) {
    return new Gat(layers, value);
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new ChainBlock(
        numHops(),
        layers,
        inputDim,
        numClasses,
        (layer, in, out) ->
            layer < layers.count() - 1
                ? GatConvolution.concatenated(heads, layer, in, out)
                : GatConvolution.averaged(heads, layer, in, out));
  }
}
