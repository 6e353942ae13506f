package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import io.millrace.training.nn.Aggregation;
import io.millrace.training.nn.Convolution;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.torch.Scalars;
import java.util.List;

/**
 * The layer of {@link Gcn}, right under sampling. With {@code n(v)} neighbours in the graph, of
 * which a sample S is in the batch, and {@code d = n + 1}:
 *
 * <pre>
 *   h'(v) = W 1/sqrt(d(v)) ( n(v) mean(h(u) / sqrt(d(u)), u in S)  +  h(v) / sqrt(d(v)) ) + b
 * </pre>
 *
 * The degrees are the graph's, not the sample's, and the mean of a uniform sample is that of all
 * neighbours in expectation: so is the whole row. With all neighbours it is the paper's equation. A
 * self-loop of the graph counts as one more neighbour. Parameters of layer {@code l}: {@code
 * conv.l.weight [out x in]}, {@code conv.l.bias [out]}.
 */
record GcnConvolution(LinearLayer linear) implements Convolution {
  static GcnConvolution of(int layer, int in, int out) {
    String name = "conv." + layer;
    return new GcnConvolution(LinearLayer.withBias(name + ".weight", name + ".bias", in, out));
  }

  @Override
  public List<Parameter> parameters() {
    return linear.parameters();
  }

  @Override
  public NDArray forward(ForwardPass pass, NDArray h, MfgTensors edges) {
    NDArray degrees = edges.degrees().toType(DataType.FLOAT32, false).reshape(-1, 1);
    NDArray scale = degrees.add(Scalars.like(degrees, 1)).pow(Scalars.like(degrees, -0.5));
    NDArray scaled = h.mul(scale);
    NDArray fromNeighbors = Aggregation.mean(scaled, edges).mul(edges.destinations(degrees));
    NDArray sum = fromNeighbors.add(edges.destinations(scaled));
    return linear.forward(pass, sum.mul(edges.destinations(scale)));
  }
}
