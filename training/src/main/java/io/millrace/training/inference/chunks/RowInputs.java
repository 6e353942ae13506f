package io.millrace.training.inference.chunks;

import io.millrace.Internal;
import io.millrace.datasets.EdgeColumns;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Network;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * What a model reads besides the features of nodes and their neighbours. Immutable.
 *
 * @param degrees whether it reads the degrees of nodes
 * @param weightedDegrees those of the nodes, if it reads them
 * @param edges the attributes of edges that it reads
 */
@Internal
public record RowInputs(
    boolean degrees, Optional<IntToDoubleFunction> weightedDegrees, EdgeColumns edges) {
  /**
   * @param weights of the edges, if the model reads them
   */
  public static RowInputs of(GraphModel model, Optional<EdgeWeights> weights) {
    return new RowInputs(
        model.usesDegrees(),
        weights.filter(_ -> model.usesWeightedDegrees()).map(EdgeWeights::degrees),
        model.edgeColumns());
  }

  /** Whether it reads nothing else. */
  public boolean isNothing() {
    return !degrees && weightedDegrees.isEmpty() && edges.equals(EdgeColumns.NONE);
  }

  /** Bytes per edge that a layer takes for the attributes, and for what it computes per edge. */
  public long edgeBytes(Network network, int layer) {
    return layer < network.numHops()
        ? edges.bytes() + (long) network.valuesPerEdge(layer) * Float.BYTES
        : 0;
  }
}
