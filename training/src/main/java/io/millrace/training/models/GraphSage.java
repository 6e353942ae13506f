package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import io.millrace.datasets.EdgeColumns;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.ChainBlock;
import io.millrace.training.nn.Convolution;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * GraphSAGE (Hamilton, Ying and Leskovec, "Inductive Representation Learning on Large Graphs",
 * NeurIPS 2017, algorithm 1), in the form of PyG's SAGEConv: {@code h'(v) = W_self h(v) +
 * W_neighbor aggregate(h(u), u in N(v)) + b}.
 *
 * <p>Parameters of layer {@code l}: {@code conv.l.weight_neighbor} and {@code conv.l.weight_self
 * [out x in]}, {@code conv.l.bias [out]}.
 *
 * @param layers how many layers, and what stands between them; the last one gives the logits
 * @param aggregator over the neighbours; the paper uses the mean, and the max of mapped values; the
 *     mean by weight needs edges with weights
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
  public EdgeColumns edgeColumns() {
    return new EdgeColumns(false, aggregator.usesWeights(), false, 0);
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new ChainBlock(
        this, inputDim, numClasses, (layer, in, out) -> Layer.of(aggregator, layer, in, out));
  }

  /** One layer, also of {@link JumpingKnowledge} and {@link SageRi}. */
  record Layer(Aggregator aggregator, LinearLayer neighbor, LinearLayer self)
      implements Convolution {
    static Layer of(Aggregator aggregator, int layer, int in, int out) {
      String name = "conv." + layer;
      return new Layer(
          aggregator,
          LinearLayer.withBias(name + ".weight_neighbor", name + ".bias", in, out),
          LinearLayer.withoutBias(name + ".weight_self", in, out));
    }

    @Override
    public List<Parameter> parameters() {
      return Stream.concat(neighbor.parameters().stream(), self.parameters().stream()).toList();
    }

    @Override
    public boolean readsInPlace() {
      return !aggregator.usesDegrees() && !aggregator.usesWeights();
    }

    @Override
    public NDArray forward(ForwardPass pass, NDArray h, MfgTensors edges) {
      NDArray fromNeighbors = neighbor.forward(pass, aggregator.aggregate(h, edges));
      return fromNeighbors.add(self.forward(pass, edges.destinations(h)));
    }
  }
}
