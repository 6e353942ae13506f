package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import io.millrace.BadInputException;
import io.millrace.datasets.EdgeColumns;
import io.millrace.training.nn.Aggregation;
import io.millrace.training.nn.Attention;
import io.millrace.training.nn.ChainBlock;
import io.millrace.training.nn.Convolution;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.nn.LayeredModel;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.nn.Nonlinearity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The graph attention network in which every node can rank its neighbours in its own way (Brody,
 * Alon and Yahav, "How Attentive are Graph Attention Networks?", ICLR 2022, equation 7), with edge
 * features as in PyG's GATv2Conv. Per head, with {@code s = W_src h + b_src}, {@code t = W_dst h +
 * b_dst} and N(v) the sampled neighbours of v:
 *
 * <pre>
 *   score(u, v) = a . LeakyReLU(s(u) + t(v) + W_edge e(u, v))        slope 0.2
 *   alpha(u, v) = exp(score(u, v)) / sum(exp(score(w, v)), w in N(v) or w = v)
 *   h'(v)       = sum(alpha(u, v) s(u), u in N(v) or u = v) + b
 * </pre>
 *
 * The features of v's edge to itself are the mean of those of its edges, 0 if it has none. Hidden
 * layers concatenate their heads; the last layer averages them. A self-loop of the graph counts as
 * one more neighbour. A layer holds some rows per edge, unlike {@link Gat}.
 *
 * <p>Parameters of layer {@code l}: {@code conv.l.weight_src} and {@code conv.l.weight_dst [heads *
 * dim x in]}, {@code conv.l.bias_src} and {@code conv.l.bias_dst}, {@code conv.l.weight_edge [heads
 * * dim x edgeDim]} with edge features, {@code conv.l.attention [heads x dim]}, {@code conv.l.bias
 * [out]}.
 *
 * @param layers how many layers, and what stands between them; the last one gives the logits
 * @param heads of each layer; they share the hidden columns equally
 * @param edgeDim number of features of an edge; 0: none are read
 */
public record Gatv2(LayerConfig layers, int heads, int edgeDim) implements LayeredModel<Gatv2> {
  private static final float SLOPE = 0.2f;

  public Gatv2 {
    Objects.requireNonNull(layers, "layers");
    Attention.requireHeads(heads, layers);
    if (edgeDim < 0) {
      throw BadInputException.of("edgeDim must be 0 or more", "edgeDim", edgeDim);
    }
  }

  /** With 4 heads, dropout 0.5, batch normalisation and ELU; without edge features. */
  public static Gatv2 of(int hidden, int layers) {
    return new Gatv2(LayerConfig.of(hidden, layers).activation(Nonlinearity.ELU), 4, 0);
  }

  @Override
  public Gatv2 layers(LayerConfig value) {
    return new Gatv2(value, heads, edgeDim);
  }

  public Gatv2 heads(int value) {
    return new Gatv2(layers, value, edgeDim);
  }

  /** The same model for edges of so many features. */
  public Gatv2 edgeDim(int value) {
    return new Gatv2(layers, heads, value);
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

  private record Layer(
      Gatv2 model,
      int dim,
      boolean concatenates,
      LinearLayer source,
      LinearLayer target,
      Optional<LinearLayer> edge,
      Parameter attention,
      Parameter bias)
      implements Convolution {
    static Layer of(Gatv2 model, int layer, int in, int out) {
      boolean concatenates = layer < model.layers.count() - 1;
      int heads = model.heads;
      int dim = concatenates ? out / heads : out;
      String name = "conv." + layer;
      return new Layer(
          model,
          dim,
          concatenates,
          LinearLayer.withBias(name + ".weight_src", name + ".bias_src", in, heads * dim),
          LinearLayer.withBias(name + ".weight_dst", name + ".bias_dst", in, heads * dim),
          model.edgeDim == 0
              ? Optional.empty()
              : Optional.of(
                  LinearLayer.withoutBias(name + ".weight_edge", model.edgeDim, heads * dim)),
          LinearLayer.parameter(
              name + ".attention", Parameter.Type.WEIGHT, dim, new Shape(heads, dim)),
          LinearLayer.parameter(name + ".bias", Parameter.Type.BIAS, in, new Shape(out)));
    }

    @Override
    public List<Parameter> parameters() {
      List<Parameter> all = new ArrayList<>(source.parameters());
      all.addAll(target.parameters());
      edge.ifPresent(it -> all.addAll(it.parameters()));
      all.add(attention);
      all.add(bias);
      return all;
    }

    /**
     * Sources, destinations, their sum, LeakyReLU and product; also edges and the sum with them.
     */
    @Override
    public int valuesPerEdge() {
      return (edge.isPresent() ? 7 : 5) * model.heads * dim + 2 * model.edgeDim;
    }

    @Override
    public NDArray forward(ForwardPass pass, NDArray h, MfgTensors edges) {
      NDArray s = source.forward(pass, h);
      NDArray t = target.forward(pass, edges.destinations(h));
      NDArray perEdge =
          Aggregation.fromSources(s, edges).add(Aggregation.fromDestinations(t, edges));
      NDArray perSelf = edges.destinations(s).add(t);
      if (edge.isPresent()) {
        NDArray features = edges.edgeFeatures();
        NDArray mean = Aggregation.meanOfEdges(features, edges);
        perEdge = perEdge.add(edge.get().forward(pass, features));
        perSelf = perSelf.add(edge.get().forward(pass, mean));
      }
      NDArray out =
          Attention.weightedSumByEdge(s, scores(pass, perEdge), scores(pass, perSelf), edges);
      NDArray merged = concatenates ? out : perHead(out).mean(new int[] {1});
      return merged.add(pass.value(bias, h.getDevice()));
    }

    /** {@code [rows x heads * dim]} to {@code [rows x heads]}. */
    private NDArray scores(ForwardPass pass, NDArray sum) {
      return perHead(Activation.leakyRelu(sum, SLOPE))
          .mul(pass.value(attention, sum.getDevice()))
          .sum(new int[] {2});
    }

    private NDArray perHead(NDArray z) {
      return z.reshape(z.getShape().get(0), model.heads, dim);
    }
  }
}
