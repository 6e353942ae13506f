package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import io.millrace.training.nn.Aggregator;
import io.millrace.training.nn.Convolution;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import java.util.List;
import java.util.stream.Stream;

/**
 * The layer of {@link GraphSage}. Parameters of layer {@code l}: {@code conv.l.weight_neighbor} and
 * {@code conv.l.weight_self [out x in]}, {@code conv.l.bias [out]}.
 */
record SageConvolution(Aggregator aggregator, LinearLayer neighbor, LinearLayer self)
    implements Convolution {
  static SageConvolution of(Aggregator aggregator, int layer, int in, int out) {
    String name = "conv." + layer;
    return new SageConvolution(
        aggregator,
        LinearLayer.withBias(name + ".weight_neighbor", name + ".bias", in, out),
        LinearLayer.withoutBias(name + ".weight_self", in, out));
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.concat(neighbor.parameters().stream(), self.parameters().stream()).toList();
  }

  @Override
  public NDArray forward(ForwardPass pass, NDArray h, MfgTensors edges) {
    NDArray fromNeighbors = neighbor.forward(pass, aggregator.aggregate(h, edges));
    return fromNeighbors.add(self.forward(pass, edges.destinations(h)));
  }
}
