package io.millrace.training.models;

import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.ChainBlock;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import java.util.Objects;

/**
 * GraphSAGE (Hamilton, Ying and Leskovec, "Inductive Representation Learning on Large Graphs",
 * NeurIPS 2017, algorithm 1), as PyG's SAGEConv has it: {@code h'(v) = W_self h(v) + W_neighbor
 * aggregate(h(u), u in N(v)) + b}.
 *
 * @param layers what stands between them, and how many; the last one gives the logits
 * @param aggregator over the neighbours; the paper has mean and (of values mapped before) max
 */
public record GraphSage(LayerConfig layers, Aggregator aggregator)
    implements LayeredModel<GraphSage> {
  public GraphSage {
    Objects.requireNonNull(layers, "layers");
    Objects.requireNonNull(aggregator, "aggregator");
  }

  /** With means, dropout 0.5 and batch normalisation. */
  public static GraphSage of(int hidden, int layers) {
    return new GraphSage(LayerConfig.of(hidden, layers), Aggregator.MEAN);
  }

  @Override
  public GraphSage layers(LayerConfig value) {
    return new GraphSage(value, aggregator);
  }

  public GraphSage aggregator(Aggregator value) {
    return new GraphSage(layers, value);
  }

  @Override
  public boolean usesDegrees() {
    return aggregator.usesDegrees();
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new ChainBlock(
        numHops(),
        layers,
        inputDim,
        numClasses,
        (layer, in, out) -> SageConvolution.of(aggregator, layer, in, out));
  }
}
