package io.millrace.training.models;

import io.millrace.datasets.EdgeColumns;
import io.millrace.training.nn.ChainBlock;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.WeightedAggregation;
import java.util.Objects;

/**
 * The graph convolutional network over a weighted graph (Kipf and Welling, as {@link Gcn}, whose
 * formula it has where every weight is 1): with {@code D(v) = 1 + sum(w(u, v))},
 *
 * <pre>
 *   h'(v) = W ( sum(w(u, v) h(u) / sqrt(D(u) D(v)), u in N(v))  +  h(v) / D(v) ) + b
 * </pre>
 *
 * The weights are at least 0. Each {@code D} is that of the graph, not of the sample, and the sum
 * is an unbiased estimate of that over all neighbours, see {@link WeightedAggregation#sum}.
 *
 * <p>Parameters of layer {@code l}: {@code conv.l.weight [out x in]}, {@code conv.l.bias [out]}.
 *
 * @param layers how many layers, and what stands between them; the last one gives the logits
 */
public record WeightedGcn(LayerConfig layers) implements LayeredModel<WeightedGcn> {
  public WeightedGcn {
    Objects.requireNonNull(layers, "layers");
  }

  /** With dropout 0.5 and batch normalisation. */
  public static WeightedGcn of(int hidden, int layers) {
    return new WeightedGcn(LayerConfig.of(hidden, layers));
  }

  @Override
  public WeightedGcn layers(LayerConfig value) {
    return new WeightedGcn(value);
  }

  @Override
  public boolean usesDegrees() {
    return true;
  }

  @Override
  public boolean usesWeightedDegrees() {
    return true;
  }

  @Override
  public EdgeColumns edgeColumns() {
    return new EdgeColumns(false, true, false, 0);
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new ChainBlock(this, inputDim, numClasses, GcnLayer::weighted);
  }
}
