package io.millrace.training.scoring;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.overlay.GraphVersion;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.nn.EdgeNeeds;
import io.millrace.training.nn.Network;
import io.millrace.training.torch.TorchDevice;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * All settings of a scorer as plain values. {@link NodeScorerBuilder} explains each component.
 *
 * @param version gives the newest version of the graph
 * @param weights of the dataset's edges, if the model reads them
 */
record ScorerSettings(
    GraphDataset data,
    Supplier<GraphVersion> version,
    ModelFile file,
    ModelInfo info,
    Fanout fanout,
    long seed,
    boolean embeddings,
    int threads,
    OptionalLong maxEdges,
    TorchDevice device,
    Optional<EdgeWeights> weights) {
  /** Some hundred MB of features, if every edge leads to another node. */
  private static final long MOST_EDGES = 1 << 22;

  /** For what a layer holds per edge, unless the number of edges is given. */
  private static final long EDGE_BYTES = 1 << 30;

  ScorerSettings {
    file.requireFeatures(data);
    file.requireLayers(fanout);
    EdgeNeeds.require(info.model(), data);
    if (maxEdges.isPresent() && maxEdges.getAsLong() < 1) {
      throw BadInputException.of("maxEdges must be positive", "maxEdges", maxEdges.getAsLong());
    }
  }

  /** How many edges a neighbourhood may have. */
  long maxEdges(Network network) {
    long perEdge = 1;
    for (int layer = 0; layer < network.numHops(); layer++) {
      long values = (long) Float.BYTES * network.valuesPerEdge(layer);
      perEdge = Math.max(perEdge, info.model().edgeColumns().bytes() + values);
    }
    return maxEdges.orElse(Math.clamp(EDGE_BYTES / perEdge, 1, MOST_EDGES));
  }
}
