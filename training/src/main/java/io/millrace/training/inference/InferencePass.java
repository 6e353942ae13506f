package io.millrace.training.inference;

import ai.djl.ndarray.NDArray;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.inference.chunks.ChunkCost;
import io.millrace.training.inference.chunks.ChunkPlan;
import io.millrace.training.inference.chunks.HighDegreeRow;
import io.millrace.training.inference.chunks.NodeSet;
import io.millrace.training.inference.chunks.PassFiles;
import io.millrace.training.nn.BatchTensors;
import io.millrace.training.nn.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One sweep over all nodes: rows of the features, or of the pass before, become rows of a file.
 * Immutable, except for the network, which belongs to one thread. The next class to read is {@link
 * PassRun}.
 */
sealed interface InferencePass permits LayerPass, SampledPass {
  /** For progress and reports. */
  String name();

  /** Where the rows go. */
  PassFiles files();

  /** Neighbours per hop that a batch needs. */
  Fanout fanout();

  /** The chunks of some ranges. */
  ChunkPlan plan(CsrGraph graph, List<Integer> ranges);

  /** The first size of a slot for the batches of a plan, in bytes. */
  long slotBytes(ChunkPlan plan);

  /** The rows of a batch's seeds, float32 {@code [numSeeds x files().dim()]}. */
  NDArray rows(BatchTensors batch);

  /** Computes rows that are too long for a chunk; a pass that samples has none. */
  Optional<HighDegreeRow> longRow(GraphDataset input);

  /**
   * The passes of an inference, in their order: one for each layer, or one for all layers.
   *
   * @param work the folder of their files
   */
  static List<InferencePass> all(InferenceSettings settings, Network network, Path work) {
    return switch (settings.mode()) {
      case InferenceMode.Layerwise _ -> byLayer(settings, network, work);
      case InferenceMode.Sampled mode -> List.of(sampled(settings, network, work, mode));
    };
  }

  /**
   * Last layer first, because the sources of a layer are the rows that the one before must give.
   */
  private static List<InferencePass> byLayer(
      InferenceSettings settings, Network network, Path work) {
    List<InferencePass> passes = new ArrayList<>();
    boolean degrees = settings.info().model().usesDegrees();
    NodeSet nodes = settings.nodeSet();
    for (int l = network.numLayers() - 1; l >= 0; l--) {
      int in = network.stateDim(l);
      int out = network.stateDim(l + 1);
      PassFiles files = new PassFiles(work.resolve("layer-" + l), nodes, settings.ranges(), out);
      ChunkCost cost = ChunkCost.of(settings.chunkBytes(), in, out, nodes.numNodes());
      passes.addFirst(new LayerPass(network, l, files, cost, degrees, settings.memoryBytes()));
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
