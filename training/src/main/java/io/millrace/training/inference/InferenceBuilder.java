package io.millrace.training.inference;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.files.ModelFile;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.DeviceChoice;
import io.millrace.transfer.PipelineSettings;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects the settings of a {@link GraphInference}; each has a default that works. One thread. */
public final class InferenceBuilder {
  /** Nodes of a range: some seconds of work. */
  public static final int DEFAULT_RANGE_NODES = 1 << 16;

  /** 2 GiB. */
  public static final long DEFAULT_MEMORY_BYTES = 2L << 30;

  private final GraphDataset data;
  private final ModelFile file;
  private InferenceMode mode = InferenceMode.layerwise();
  private Supplier<TorchDevice> device = () -> TorchDevice.of(DeviceChoice.AUTO);
  private long memoryBytes = DEFAULT_MEMORY_BYTES;
  private int rangeNodes = DEFAULT_RANGE_NODES;
  private PipelineSettings pipeline = PipelineSettings.defaults();
  private int computeThreads = Runtime.getRuntime().availableProcessors();
  private long seed;
  private Shard shard = Shard.WHOLE;
  private Optional<int[]> nodes = Optional.empty();
  private boolean embeddings;

  InferenceBuilder(GraphDataset data, ModelFile file) {
    this.data = data;
    this.file = file;
  }

  /** Over all neighbours, layer by layer, by default. */
  public InferenceBuilder mode(InferenceMode value) {
    mode = Objects.requireNonNull(value, "mode");
    return this;
  }

  /** Where to compute; by default on the GPU if there is one that can be used. */
  public InferenceBuilder device(DeviceChoice value) {
    device = () -> TorchDevice.of(value);
    return this;
  }

  /** Where to compute, as it was decided before. */
  public InferenceBuilder device(TorchDevice value) {
    device = () -> value;
    return this;
  }

  /**
   * What slots, a model's arrays and the resident pages of mapped files may take together, beyond
   * what the process has before it begins; by default 2 GiB. Sampled inference has batches of their
   * own size, whatever is said here.
   */
  public InferenceBuilder memory(long bytes) {
    memoryBytes = bytes;
    return this;
  }

  /** Nodes that are computed or, after an interruption, skipped as a whole. */
  public InferenceBuilder rangeNodes(int value) {
    rangeNodes = value;
    return this;
  }

  /** Threads and slots that prepare chunks; no result depends on them. */
  public InferenceBuilder pipeline(PipelineSettings value) {
    pipeline = Objects.requireNonNull(value, "pipeline");
    return this;
  }

  /** Threads of the model's operations, for the whole process; by default all cores. */
  public InferenceBuilder computeThreads(int value) {
    computeThreads = Require.threads("computeThreads", value);
    return this;
  }

  /** Of the samples; 0 by default. */
  public InferenceBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** What this process computes, if several work on the same directory; by default all. */
  public InferenceBuilder shard(Shard value) {
    shard = Objects.requireNonNull(value, "shard");
    return this;
  }

  /** The nodes whose results are asked for, in the order of the results; by default all. */
  public InferenceBuilder nodes(int... values) {
    nodes = Optional.of(values.clone());
    return this;
  }

  /** Whether the results have embeddings: what enters the last layer. Not by default. */
  public InferenceBuilder embeddings(boolean value) {
    embeddings = value;
    return this;
  }

  /**
   * @throws BadInputException if model, dataset and settings do not fit each other
   */
  public GraphInference build() {
    return new GraphInference(settings());
  }

  InferenceSettings settings() {
    return new InferenceSettings(
        data,
        file,
        file.info(),
        mode,
        device.get(),
        memoryBytes,
        rangeNodes,
        pipeline,
        computeThreads,
        seed,
        shard,
        nodes,
        embeddings);
  }
}
