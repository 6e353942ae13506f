package io.millrace.training.scoring;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.overlay.GraphVersion;
import io.millrace.sampler.Fanout;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.nn.EdgeNeeds;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.DeviceChoice;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Collects the settings of a {@link NodeScorer}; each has a default that works. One thread. */
public final class NodeScorerBuilder {
  private final GraphDataset data;
  private final Supplier<GraphVersion> version;
  private final ModelFile file;
  private Optional<Fanout> fanout = Optional.empty();
  private long seed;
  private boolean embeddings;
  private int threads = 1;
  private OptionalInt computeThreads = OptionalInt.empty();
  private OptionalLong maxEdges = OptionalLong.empty();
  private DeviceChoice device = DeviceChoice.CPU;

  NodeScorerBuilder(GraphDataset data, Supplier<GraphVersion> version, ModelFile file) {
    this.data = data;
    this.version = version;
    this.file = file;
  }

  /**
   * Samples so many neighbours per hop, next to the scored nodes first. By default all neighbours
   * are taken, and the answer is exact.
   */
  public NodeScorerBuilder fanout(int... perHop) {
    return fanout(Fanout.of(perHop));
  }

  /** As {@link #fanout(int...)}. */
  public NodeScorerBuilder fanout(Fanout value) {
    fanout = Optional.of(value);
    return this;
  }

  /** The seed of all samples; by default 0. */
  public NodeScorerBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** Whether answers have embeddings, the input of the last layer; by default they have none. */
  public NodeScorerBuilder embeddings(boolean value) {
    embeddings = value;
    return this;
  }

  /**
   * How many requests are computed at the same time; by default 1. Each has a thread and a slot,
   * and further requests wait.
   */
  public NodeScorerBuilder threads(int value) {
    threads = Require.threads("threads", value);
    return this;
  }

  /**
   * The number of threads of the model's operations, for the whole process; by default it stays as
   * it is. 1 is right where several requests are computed at the same time, or few nodes.
   */
  public NodeScorerBuilder computeThreads(int value) {
    computeThreads = OptionalInt.of(Require.threads("computeThreads", value));
    return this;
  }

  /**
   * How many edges the neighbourhood of one node may have over all hops; by default 4 million, and
   * fewer for a model that holds values per edge, such as an attention: as many as take 1 GiB. It
   * bounds time and memory of a request: a neighbourhood has at most as many nodes as edges, and
   * one.
   */
  public NodeScorerBuilder maxEdges(long value) {
    maxEdges = OptionalLong.of(value);
    return this;
  }

  /** Where the model computes; by default on the CPU, which is faster for few nodes. */
  public NodeScorerBuilder device(DeviceChoice value) {
    device = Objects.requireNonNull(value, "device");
    return this;
  }

  /**
   * @throws BadInputException if model, dataset and settings do not fit each other
   */
  public NodeScorer build() {
    ModelInfo info = file.info();
    if (info.links()) {
      throw BadInputException.of(
          "model predicts links, not classes of nodes", "trained_on", info.dataset());
    }
    Fanout all = Fanout.uniform(Fanout.ALL, info.model().numHops());
    ScorerSettings settings =
        new ScorerSettings(
            data,
            version,
            file,
            info,
            fanout.orElse(all),
            seed,
            embeddings,
            threads,
            maxEdges,
            TorchDevice.of(device),
            EdgeNeeds.weights(info.model(), data));
    return new NodeScorer(settings, computeThreads);
  }
}
