package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import io.millrace.Require;
import io.millrace.datasets.EdgeColumns;
import io.millrace.training.nn.Aggregation;
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
 * The graph isomorphism network with edge features (Hu et al., "Strategies for Pre-training Graph
 * Neural Networks", ICLR 2020): {@code h'(v) = MLP((1 + eps) h(v) + sum(ReLU(h(u) + W_edge e(u,
 * v)), u in N(v)))}, with eps and perceptron as in {@link Gin}.
 *
 * <p>The sum is that over all neighbours in the graph, estimated without bias from the sampled
 * ones. A layer holds some rows per edge.
 *
 * <p>A draw that prefers edges by weight gives no estimate of this sum, but the degree times the
 * mean of what was preferred.
 *
 * <p>Parameters of layer {@code l}: those of {@link Gin}, and {@code conv.l.weight_edge [in x
 * edgeDim]}.
 *
 * @param layers how many layers, and what stands between them; the last one gives the logits
 * @param edgeDim number of features of an edge
 */
public record Gine(LayerConfig layers, int edgeDim) implements LayeredModel<Gine> {
  public Gine {
    Objects.requireNonNull(layers, "layers");
    Require.positive("edgeDim", edgeDim);
  }

  /** With dropout 0.5 and batch normalisation, for edges of one feature. */
  public static Gine of(int hidden, int layers) {
    return new Gine(LayerConfig.of(hidden, layers), 1);
  }

  @Override
  public Gine layers(LayerConfig value) {
    return new Gine(value, edgeDim);
  }

  /** The same model for edges of so many features. */
  public Gine edgeDim(int value) {
    return new Gine(layers, value);
  }

  @Override
  public boolean usesDegrees() {
    return true;
  }

  @Override
  public EdgeColumns edgeColumns() {
    return new EdgeColumns(false, false, false, edgeDim);
  }

  @Override
  public GraphBlock newBlock(int inputDim, int numClasses) {
    return new ChainBlock(
        this, inputDim, numClasses, (layer, in, out) -> Layer.of(this, layer, in, out));
  }

  private record Layer(Gin.Layer gin, LinearLayer edge, int edgeDim, int in)
      implements Convolution {
    static Layer of(Gine model, int layer, int in, int out) {
      return new Layer(
          Gin.Layer.of(model.layers, layer, in, out),
          LinearLayer.withoutBias("conv." + layer + ".weight_edge", model.edgeDim, in),
          model.edgeDim,
          in);
    }

    @Override
    public List<Parameter> parameters() {
      return Stream.concat(gin.parameters().stream(), edge.parameters().stream()).toList();
    }

    /** Sources, edges, their sum and what is left of it. */
    @Override
    public int valuesPerEdge() {
      return 4 * in + edgeDim;
    }

    @Override
    public NDArray forward(ForwardPass pass, NDArray h, MfgTensors edges) {
      NDArray perEdge =
          Activation.relu(
              Aggregation.fromSources(h, edges).add(edge.forward(pass, edges.edgeFeatures())));
      NDArray degrees = edges.destinations(edges.degrees()).toType(DataType.FLOAT32, false);
      NDArray sum = Aggregation.meanOfEdges(perEdge, edges).mul(degrees.reshape(-1, 1));
      return gin.update(pass, h, sum, edges);
    }
  }
}
