package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.millrace.training.nn.Attention;
import io.millrace.training.nn.Convolution;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import java.util.List;
import java.util.stream.Stream;

/**
 * The layer of {@link Gat}. Per head, with {@code z = W h} and N(v) the neighbours that were
 * sampled:
 *
 * <pre>
 *   e(u, v)     = LeakyReLU(a_src . z(u) + a_dst . z(v))             slope 0.2
 *   alpha(u, v) = exp(e(u, v)) / sum(exp(e(w, v)), w in N(v) or w = v)
 *   h'(v)       = sum(alpha(u, v) z(u), u in N(v) or u = v) + b
 * </pre>
 *
 * {@link Attention} has the sums. A self-loop of the graph counts as one more neighbour. Parameters
 * of layer {@code l}: {@code conv.l.weight [heads * dim x in]}, {@code conv.l.attention_src} and
 * {@code conv.l.attention_dst [heads x dim]}, {@code conv.l.bias [out]}.
 */
record GatConvolution(
    int heads,
    boolean concatenates,
    LinearLayer linear,
    Parameter attentionSrc,
    Parameter attentionDst,
    Parameter bias)
    implements Convolution {
  /** {@code out} is the heads' columns side by side. */
  static GatConvolution concatenated(int heads, int layer, int in, int out) {
    return of(heads, true, layer, in, out / heads, out);
  }

  /** {@code out} is the mean over heads of {@code out} columns each. */
  static GatConvolution averaged(int heads, int layer, int in, int out) {
    return of(heads, false, layer, in, out, out);
  }

  private static GatConvolution of(
      int heads, boolean concatenates, int layer, int in, int dim, int out) {
    String name = "conv." + layer;
    Shape perHead = new Shape(heads, dim);
    return new GatConvolution(
        heads,
        concatenates,
        LinearLayer.withoutBias(name + ".weight", in, heads * dim),
        LinearLayer.parameter(name + ".attention_src", Parameter.Type.WEIGHT, dim, perHead),
        LinearLayer.parameter(name + ".attention_dst", Parameter.Type.WEIGHT, dim, perHead),
        LinearLayer.parameter(name + ".bias", Parameter.Type.BIAS, in, new Shape(out)));
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.concat(linear.parameters().stream(), Stream.of(attentionSrc, attentionDst, bias))
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
