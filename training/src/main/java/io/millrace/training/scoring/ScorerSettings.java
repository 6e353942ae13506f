package io.millrace.training.scoring;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.overlay.GraphVersion;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.nn.EdgeNeeds;
import io.millrace.training.torch.TorchDevice;
import java.util.Optional;
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
    long maxEdges,
    TorchDevice device,
    Optional<EdgeWeights> weights) {
  ScorerSettings {
    if (data.features().dim() != info.inputDim()) {
      throw BadInputException.of(
          "the model takes other features",
          "dataset",
          data.name(),
          "columns",
          data.features().dim(),
          "model's",
          info.inputDim());
    }
    if (fanout.numHops() != info.model().numHops()) {
      throw BadInputException.of(
          "fanout must have one entry per layer",
          "fanout",
          fanout,
          "layers",
          info.model().numHops());
    }
    EdgeNeeds.require(info.model(), data);
    if (maxEdges < 1) {
      throw BadInputException.of("maxEdges must be positive", "maxEdges", maxEdges);
    }
  }
}
