package io.millrace.training.models;

import io.millrace.training.nn.ChainBlock;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import java.util.Objects;

/**
 * The graph convolutional network (Kipf and Welling, "Semi-Supervised Classification with Graph
 * Convolutional Networks", ICLR 2017, equation 2): {@code h'(v) = W sum(h(u) / sqrt(d(u) d(v)), u
 * in N(v) or u = v) + b}, where {@code d} counts the neighbours and the node itself.
 *
 * <p>Under sampling, with {@code n(v)} neighbours in the graph, a sample S of them in the batch,
 * and {@code d = n + 1}:
 *
 * <pre>
 *   h'(v) = W 1/sqrt(d(v)) ( n(v) mean(h(u) / sqrt(d(u)), u in S)  +  h(v) / sqrt(d(v)) ) + b
 * </pre>
 *
 * The degrees are those of the graph, not of the sample. The mean of a uniform sample equals the
 * mean of all neighbours in expectation, and therefore the whole row does. With all neighbours it
 * is the paper's equation. A self-loop of the graph counts as one more neighbour.
 *
 * <p>Parameters of layer {@code l}: {@code conv.l.weight [out x in]}, {@code conv.l.bias [out]}.
 *
 * @param layers how many layers, and what stands between them; the last one gives the logits
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
    return new ChainBlock(this, inputDim, numClasses, GcnLayer::of);
  }
}
