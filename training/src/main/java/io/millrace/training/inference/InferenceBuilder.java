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
  /** The number of nodes per range: some seconds of work. */
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

  /** How neighbourhoods are used; by default all neighbours, layer by layer. */
  public InferenceBuilder mode(InferenceMode value) {
    mode = Objects.requireNonNull(value, "mode");
    return this;
  }

  /** Where to compute; by default on a GPU if one can be used. */
  public InferenceBuilder device(DeviceChoice value) {
    device = () -> TorchDevice.of(value);
    return this;
  }

  /** Where to compute, as chosen before. */
  public InferenceBuilder device(TorchDevice value) {
    device = () -> value;
    return this;
  }

  /**
   * The bytes that slots, a model's arrays and the resident pages of mapped files may take
   * together, in addition to what the process uses before; by default 2 GiB. The batches of sampled
   * inference have their own size, whatever is set here.
   */
  public InferenceBuilder memory(long bytes) {
    memoryBytes = bytes;
    return this;
  }

  /**
   * The number of nodes per range. A range is computed or, after an interruption, skipped as a
   * whole.
   */
  public InferenceBuilder rangeNodes(int value) {
    rangeNodes = value;
    return this;
  }

  /** Threads and slots that prepare chunks; no result depends on them. */
  public InferenceBuilder pipeline(PipelineSettings value) {
    pipeline = Objects.requireNonNull(value, "pipeline");
    return this;
  }

  /**
   * The number of threads of the model's operations, for the whole process; by default all cores.
   */
  public InferenceBuilder computeThreads(int value) {
    computeThreads = Require.threads("computeThreads", value);
    return this;
  }

  /** The seed of the samples; by default 0. */
  public InferenceBuilder seed(long value) {
    seed = value;
    return this;
  }

  /**
   * The shard that this process computes, if several work on the same directory; by default all.
   */
  public InferenceBuilder shard(Shard value) {
    shard = Objects.requireNonNull(value, "shard");
    return this;
  }

  /** The nodes whose results are requested, in the order of the results; by default all. */
  public InferenceBuilder nodes(int... values) {
    nodes = Optional.of(values.clone());
    return this;
  }

  /**
   * Whether the results have embeddings, which are the input of the last layer; by default they
   * have none.
   */
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
