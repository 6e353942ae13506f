package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import io.millrace.training.nn.Aggregation;
import io.millrace.training.nn.Convolution;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.nn.WeightedAggregation;
import io.millrace.training.torch.Scalars;
import java.util.List;

/**
 * A layer of {@link Gcn}, or of {@link WeightedGcn}: {@code W (neighbours + h(v) / sqrt(d(v))) /
 * sqrt(d(v)) + b}, where {@code d} is the degree in the graph and 1, and {@code neighbours}
 * estimates the sum of {@code w(u, v) h(u) / sqrt(d(u))} over all of them.
 */
record GcnLayer(LinearLayer linear, boolean weighted) implements Convolution {
  /** Every edge has the weight 1. */
  static GcnLayer of(int layer, int in, int out) {
    return new GcnLayer(linear(layer, in, out), false);
  }

  static GcnLayer weighted(int layer, int in, int out) {
    return new GcnLayer(linear(layer, in, out), true);
  }

  private static LinearLayer linear(int layer, int in, int out) {
    String name = "conv." + layer;
    return LinearLayer.withBias(name + ".weight", name + ".bias", in, out);
  }

  @Override
  public List<Parameter> parameters() {
    return linear.parameters();
  }

  @Override
  public NDArray forward(ForwardPass pass, NDArray h, MfgTensors edges) {
    NDArray degrees = degrees(edges).reshape(-1, 1);
    NDArray scale = degrees.add(Scalars.like(degrees, 1)).pow(Scalars.like(degrees, -0.5));
    NDArray scaled = h.mul(scale);
    NDArray fromNeighbors =
        weighted
            ? WeightedAggregation.sum(scaled, edges)
            : Aggregation.mean(scaled, edges).mul(edges.destinations(degrees));
    NDArray sum = fromNeighbors.add(edges.destinations(scaled));
    return linear.forward(pass, sum.mul(edges.destinations(scale)));
  }

  private NDArray degrees(MfgTensors edges) {
    return weighted ? edges.weightedDegrees() : edges.degrees().toType(DataType.FLOAT32, false);
  }
}
