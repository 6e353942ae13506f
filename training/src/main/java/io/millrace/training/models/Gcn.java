package io.millrace.training.models;

import io.millrace.training.nn.ChainBlock;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import java.util.Objects;

/**
 * The graph convolutional network (Kipf and Welling, "Semi-Supervised Classification with Graph
 * Convolutional Networks", ICLR 2017, equation 2): {@code h'(v) = W sum(h(u) / sqrt(d(u) d(v)), u
 * in N(v) or u = v) + b} with {@code d} the number of neighbours and the node itself.
 *
 * @param layers what stands between them, and how many; the last one gives the logits
 */
public record Gcn(LayerConfig layers) implements LayeredModel<Gcn> {
  public Gcn {
    Objects.requireNonNull(layers, "layers");
  }

  /** With dropout 0.5 and batch normalisation. */
  public static Gcn of(int hidden, int layers) {
    return new Gcn(LayerConfig.of(hidden, layers));
  }

  @Override
  public Gcn layers(LayerConfig value) {
    return new Gcn(value);
  }

  @Override
  public boolean usesDegrees() {
    return true;
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new ChainBlock(numHops(), layers, inputDim, numClasses, GcnConvolution::of);
  }
}
