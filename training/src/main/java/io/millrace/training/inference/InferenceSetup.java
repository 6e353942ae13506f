package io.millrace.training.inference;

import ai.djl.ndarray.NDList;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.training.files.Fingerprint;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.inference.chunks.ChunkCost;
import io.millrace.training.inference.chunks.ChunkPlan;
import io.millrace.training.inference.chunks.InPlaceRows;
import io.millrace.training.inference.chunks.NodeSet;
import io.millrace.training.inference.chunks.ParallelChunks;
import io.millrace.training.inference.chunks.PassFiles;
import io.millrace.training.inference.chunks.RowInputs;
import io.millrace.training.nn.EdgeNeeds;
import io.millrace.training.nn.Network;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.PipelineBuilder;
import io.millrace.transfer.trace.PipelineTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the parts of an inference from its {@link InferenceSettings} and a network with the model's
 * weights.
 *
 * <p>Owns the network; {@link #close} frees it. One thread.
 *
 * @param weights of the edges, if the model reads them
 * @param identity everything that the results depend on, by name
 * @param trace of all passes
 */
record InferenceSetup(
    InferenceSettings settings,
    Network network,
    Optional<EdgeWeights> weights,
    Map<String, String> identity,
    PipelineTrace trace)
    implements AutoCloseable {
  private static final int MAX_CHUNKS = 1 << 20;

  static InferenceSetup of(InferenceSettings settings) {
    ModelInfo info = settings.info();
    Optional<EdgeWeights> edgeWeights = EdgeNeeds.weights(info.model(), settings.data());
    Network network =
        Network.on(
            settings.device().device(),
            info.model(),
            info.inputDim(),
            info.numClasses(),
            info.decoder().network(info.numClasses()),
            0);
    try (NDList weights = settings.file().weights(network.manager())) {
      network.restore(weights);
      network.shareParameters();
      String fingerprint = Fingerprint.of(weights);
      return new InferenceSetup(
          settings, network, edgeWeights, settings.identity(fingerprint), new PipelineTrace());
    } catch (Throwable t) {
      network.close();
      throw t;
    }
  }

  /**
   * The passes in their order: one for each layer, or one for all layers.
   *
   * @param work the folder of their files
   */
  List<InferencePass> passes(Path work) {
    return switch (settings.mode()) {
      case InferenceMode.Layerwise _ -> byLayer(work);
      case InferenceMode.Sampled mode -> List.of(sampled(work, mode));
    };
  }

  /**
   * Makes the last layer first, because its sources are the rows that the layer before it must
   * compute.
   */
  private List<InferencePass> byLayer(Path work) {
    List<InferencePass> passes = new ArrayList<>();
    RowInputs inputs = RowInputs.of(settings.info().model(), weights);
    NodeSet nodes = settings.nodeSet();
    for (int l = network.numLayers() - 1; l >= 0; l--) {
      int in = network.stateDim(l);
      int out = network.stateDim(l + 1);
      PassFiles files = new PassFiles(work.resolve("layer-" + l), nodes, settings.ranges(), out);
      ChunkCost cost =
          ChunkCost.of(
              settings.chunkBytes(), in, out, inputs.edgeBytes(network, l), nodes.numNodes());
      passes.addFirst(
          new LayerPass(
              network, l, files, cost, inputs, settings.memoryBytes(), settings.mappedBytes()));
      nodes = l < network.numHops() ? nodes.withNeighbors(settings.data().graph()) : nodes;
    }
    return passes;
  }

  private InferencePass sampled(Path work, InferenceMode.Sampled mode) {
    int numLayers = network.numLayers();
    int embeddingDim = settings.embeddings() ? network.stateDim(numLayers - 1) : 0;
    int dim = embeddingDim + network.stateDim(numLayers);
    PassFiles files =
        new PassFiles(work.resolve("sampled"), settings.nodeSet(), settings.ranges(), dim);
    return new SampledPass(network, files, settings.embeddings(), mode, settings.seed());
  }

  /**
   * The pipeline of a pass; the caller closes it.
   *
   * @param input the graph, with the input rows of the pass as features
   */
  BatchPipeline newPipeline(GraphDataset input, InferencePass pass, ChunkPlan plan) {
    PipelineBuilder builder =
        EdgeNeeds.apply(settings.info().model(), BatchPipeline.builder(input, pass.fanout()))
            .settings(settings.pipeline())
            .trace(trace);
    weights.ifPresent(builder::weights);
    switch (settings.mode()) {
      case InferenceMode.Layerwise _ -> builder.slotsAtMost(maxSlots());
      case InferenceMode.Sampled sampled -> builder.draw(sampled.draw());
    }
    long slotBytes = pass.slotBytes(plan);
    switch (settings.device()) { // page-locked memory is scarce, so its slots begin small and grow
      case TorchDevice.Cpu _ -> builder.featureType(FeatureType.FLOAT32).slotBytes(slotBytes);
      case TorchDevice.Gpu gpu ->
          builder
              .device(gpu.cuda())
              .slotBytes(Math.min(slotBytes, PipelineBuilder.FIRST_SLOT_BYTES));
      case TorchDevice.CopyingGpu _ -> builder.slotBytes(slotBytes);
    }
    return builder.build();
  }

  /**
   * The chunks of a pass, computed in place by as many threads as are set, if their chunks fit into
   * the memory that mapped files leave; the caller closes it.
   */
  ParallelChunks inParallel(InPlaceRows rows, InferencePass pass, ChunkPlan plan) {
    long left = settings.memoryBytes() - settings.mappedBytes();
    long most = Math.max(1, left / pass.slotBytes(plan));
    int numThreads = (int) Math.min(settings.computeThreads(), most);
    return new ParallelChunks(rows, plan.batches(), numThreads);
  }

  /**
   * The number of chunks that fit into the memory that mapped files and the model's arrays leave;
   * further workers wait. On a GPU slots grow to up to a quarter more than they need.
   */
  private int maxSlots() {
    long left = settings.memoryBytes() - settings.mappedBytes();
    int numChunks = Math.clamp(left / settings.chunkBytes(), 0, MAX_CHUNKS) - 1;
    return settings.device() instanceof TorchDevice.Gpu ? numChunks * 4 / 5 : numChunks;
  }

  @Override
  public void close() {
    network.close();
  }
}
