package io.millrace.training.inference;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.draw.Draw;
import io.millrace.training.files.Fingerprint;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.inference.chunks.NodeRanges;
import io.millrace.training.inference.chunks.NodeSet;
import io.millrace.training.nn.EdgeNeeds;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.PipelineSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All settings of an inference as plain values, defaults filled in. {@link InferenceBuilder}
 * explains each component; {@link InferenceSetup} makes the parts of an inference from them.
 * Immutable; the caller owns the dataset.
 */
record InferenceSettings(
    GraphDataset data,
    ModelFile file,
    ModelInfo info,
    InferenceMode mode,
    TorchDevice device,
    long memoryBytes,
    int rangeNodes,
    PipelineSettings pipeline,
    int computeThreads,
    long seed,
    Shard shard,
    Optional<int[]> nodes,
    boolean embeddings) {
  private static final long MIN_MEMORY_BYTES = 1L << 20;

  /** The share of the memory that a chunk takes: slots and a model's arrays hold several. */
  private static final int CHUNKS_IN_MEMORY = 16;

  /** A larger chunk gains nothing, and its rows have to fit into one Java buffer. */
  private static final long MAX_CHUNK_BYTES = 1L << 30;

  private static final int MAX_RANGES = 1 << 16;

  InferenceSettings {
    if (memoryBytes < MIN_MEMORY_BYTES) {
      throw BadInputException.of(
          "inference needs more memory", "memoryBytes", memoryBytes, "atLeast", MIN_MEMORY_BYTES);
    }
    if (SplitScores.answered(data, info).isPresent()) { // better before the inference than after it
      file.requireObjective();
    }
    file.requireFeatures(data);
    if (mode instanceof InferenceMode.Sampled sampled) {
      file.requireLayers(sampled.fanout());
    }
    EdgeNeeds.require(info.model(), data);
    if (mode instanceof InferenceMode.Sampled sampled) {
      EdgeNeeds.requireDraw(info.model(), sampled.draw());
    }
    int numNodes = data.graph().numNodes();
    if (rangeNodes > 0 && numNodes / rangeNodes > MAX_RANGES) {
      throw BadInputException.of(
          "too many ranges, each is recorded by a file",
          "rangeNodes",
          rangeNodes,
          "nodes",
          numNodes,
          "maxRanges",
          MAX_RANGES);
    }
    nodes.ifPresent(them -> NodeSet.requireInRange(numNodes, them));
  }

  /** The nodes whose results are requested. */
  NodeSet nodeSet() {
    int numNodes = data.graph().numNodes();
    return nodes.map(them -> NodeSet.of(numNodes, them)).orElse(NodeSet.all(numNodes));
  }

  NodeRanges ranges() {
    return new NodeRanges(data.graph().numNodes(), rangeNodes);
  }

  /**
   * The bytes of mapped files that may be resident: the memory that chunks and a model's arrays
   * leave.
   */
  long mappedBytes() {
    return memoryBytes / 8 * 5;
  }

  long chunkBytes() {
    return Math.min(memoryBytes / CHUNKS_IN_MEMORY, MAX_CHUNK_BYTES);
  }

  /**
   * Everything that the rows depend on, bit for bit.
   *
   * @param weights a fingerprint of the parameters
   */
  Map<String, String> identity(String weights) {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("model", info.toJson().get("model").toString());
    identity.put("weights", weights);
    identity.put("dataset", data.name());
    identity.put("fingerprint", data.fingerprint());
    identity.put("nodes", nodes.map(Fingerprint::of).orElse("all"));
    identity.put("embeddings", Boolean.toString(embeddings));
    identity.put("device", device.name());
    identity.put("compute_threads", Integer.toString(computeThreads));
    identity.put("shard_nodes", Integer.toString(rangeNodes));
    switch (mode) {
      case InferenceMode.Layerwise _ -> {
        identity.put("mode", "layerwise");
        identity.put("memory_bytes", Long.toString(memoryBytes));
      }
      case InferenceMode.Sampled sampled -> {
        identity.put("mode", "sampled");
        identity.put("fanout", sampled.fanout().toString());
        if (!sampled.draw().equals(Draw.uniform())) { // as before there were others
          identity.put("draw", sampled.draw().toString());
        }
        identity.put("repeats", Integer.toString(sampled.repeats()));
        identity.put("batch_size", Integer.toString(sampled.batchSize()));
        identity.put("seed", Long.toString(seed));
      }
    }
    return identity;
  }
}
