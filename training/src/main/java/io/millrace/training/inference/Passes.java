package io.millrace.training.inference;

import io.millrace.training.nn.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which passes an inference takes: one for each layer, or one for all. Stateless. */
final class Passes {
  private Passes() {}

  static List<InferencePass> of(InferenceSettings settings, Network network, Path work) {
    return switch (settings.mode()) {
      case InferenceMode.Layerwise _ -> byLayer(settings, network, work);
      case InferenceMode.Sampled mode -> List.of(sampled(settings, network, work, mode));
    };
  }

  /** Backwards, for which rows a layer must give is known from the next one's sources. */
  private static List<InferencePass> byLayer(
      InferenceSettings settings, Network network, Path work) {
    List<InferencePass> passes = new ArrayList<>();
    NodeSet nodes = settings.nodeSet();
    for (int l = network.numLayers() - 1; l >= 0; l--) {
      int in = network.stateDim(l);
      int out = network.stateDim(l + 1);
      PassFiles files = new PassFiles(work.resolve("layer-" + l), nodes, settings.ranges(), out);
      ChunkCost cost = ChunkCost.of(settings.chunkBytes(), in, out, nodes.numNodes());
      passes.addFirst(new LayerPass(network, l, files, cost));
      nodes = l < network.numHops() ? nodes.withNeighbors(settings.data().graph()) : nodes;
    }
    return passes;
  }

  private static InferencePass sampled(
      InferenceSettings settings, Network network, Path work, InferenceMode.Sampled mode) {
    int numLayers = network.numLayers();
    int embeddingDim = settings.embeddings() ? network.stateDim(numLayers - 1) : 0;
    int dim = embeddingDim + network.stateDim(numLayers);
    PassFiles files =
        new PassFiles(work.resolve("sampled"), settings.nodeSet(), settings.ranges(), dim);
    return new SampledPass(network, files, settings.embeddings(), mode, settings.seed());
  }
}
