package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
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
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The graph attention network (Veličković et al., "Graph Attention Networks", ICLR 2018, equations
 * 1 to 6). Per head, with {@code z = W h} and N(v) the sampled neighbours of v:
 *
 * <pre>
 *   e(u, v)     = LeakyReLU(a_src . z(u) + a_dst . z(v))             slope 0.2
 *   alpha(u, v) = exp(e(u, v)) / sum(exp(e(w, v)), w in N(v) or w = v)
 *   h'(v)       = sum(alpha(u, v) z(u), u in N(v) or u = v) + b
 * </pre>
 *
 * Hidden layers concatenate their heads; the last layer averages them. There is no dropout on the
 * attention weights. A self-loop of the graph counts as one more neighbour.
 *
 * <p>Parameters of layer {@code l}: {@code conv.l.weight [heads * dim x in]}, {@code
 * conv.l.attention_src} and {@code conv.l.attention_dst [heads x dim]}, {@code conv.l.bias [out]}.
 *
 * @param layers how many layers, and what stands between them; the last one gives the logits
 * @param heads of each layer; they share the hidden columns equally
 */
public record Gat(LayerConfig layers, int heads) implements LayeredModel<Gat> {
  public Gat {
    Objects.requireNonNull(layers, "layers");
    Attention.requireHeads(heads, layers);
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
        this,
        inputDim,
        numClasses,
        (layer, in, out) ->
            layer < layers.count() - 1
                ? Layer.concatenated(heads, layer, in, out)
                : Layer.averaged(heads, layer, in, out));
  }

  private record Layer(
      int heads,
      boolean concatenates,
      LinearLayer linear,
      Parameter attentionSrc,
      Parameter attentionDst,
      Parameter bias)
      implements Convolution {
    /** {@code out} columns in all, {@code out / heads} of each head. */
    static Layer concatenated(int heads, int layer, int in, int out) {
      return of(heads, true, layer, in, out / heads, out);
    }

    /** The mean over the heads, each of {@code out} columns. */
    static Layer averaged(int heads, int layer, int in, int out) {
      return of(heads, false, layer, in, out, out);
    }

    private static Layer of(int heads, boolean concatenates, int layer, int in, int dim, int out) {
      String name = "conv." + layer;
      Shape perHead = new Shape(heads, dim);
      return new Layer(
          heads,
          concatenates,
          LinearLayer.withoutBias(name + ".weight", in, heads * dim),
          LinearLayer.parameter(name + ".attention_src", Parameter.Type.WEIGHT, dim, perHead),
          LinearLayer.parameter(name + ".attention_dst", Parameter.Type.WEIGHT, dim, perHead),
          LinearLayer.parameter(name + ".bias", Parameter.Type.BIAS, in, new Shape(out)));
    }

    @Override
    public List<Parameter> parameters() {
      return Stream.concat(
              linear.parameters().stream(), Stream.of(attentionSrc, attentionDst, bias))
          .toList();
    }

    @Override
    public NDArray forward(ForwardPass pass, NDArray h, MfgTensors edges) {
      NDArray z = linear.forward(pass, h);
      NDArray src = scores(pass, attentionSrc, z);
      NDArray dst = scores(pass, attentionDst, edges.destinations(z));
      NDArray out = Attention.weightedSum(z, src, dst, edges);
      NDArray merged = concatenates ? out : perHead(out).mean(new int[] {1});
      return merged.add(pass.value(bias, h.getDevice()));
    }

    /** {@code [rows x heads * dim]} and {@code [heads x dim]} to {@code [rows x heads]}. */
    private NDArray scores(ForwardPass pass, Parameter attention, NDArray z) {
      return perHead(z).mul(pass.value(attention, z.getDevice())).sum(new int[] {2});
    }

    private NDArray perHead(NDArray z) {
      return z.reshape(z.getShape().get(0), heads, z.getShape().get(1) / heads);
    }
  }
}
