package io.millrace.cli.infer;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.data.NodeFile;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.platform.ByteSize;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.Draw;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceBuilder;
import io.millrace.training.inference.InferenceMode;
import io.millrace.training.inference.Shard;
import io.millrace.transfer.PipelineSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How to infer, from the command line to an {@link InferenceBuilder}. */
@Internal
public final class InferOptions {
  /** Exact, or by samples. */
  public enum Mode {
    LAYERWISE,
    SAMPLED
  }

  private static final int MIN_RANGE_NODES = 64;

  @Option(
      names = "--mode",
      paramLabel = "layerwise|sampled",
      defaultValue = "layerwise",
      description =
          "layerwise: all neighbours, each layer once for every node; sampled: as training"
              + " evaluates (default: ${DEFAULT-VALUE}).")
  private Mode mode;

  @Option(
      names = "--fanout",
      paramLabel = "N,N,...",
      description = "Sampled: neighbours per layer, from the node outwards (default: 20 each).")
  private Optional<Fanout> fanout = Optional.empty();

  @Option(
      names = "--draw",
      paramLabel = "HOW",
      description =
          "Sampled: how neighbours are drawn, as in train: uniform, replace, weighted,"
              + " weighted-estimate, weighted-replace, labor or labor-dependent (default:"
              + " uniform).")
  private Optional<Draw> draw = Optional.empty();

  @Option(
      names = "--repeat",
      paramLabel = "R",
      description = "Sampled: the mean logits of R samples (default: 1).")
  private Optional<Integer> repeats = Optional.empty();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Sampled: nodes per batch (default: 1024).")
  private Optional<Integer> batchSize = Optional.empty();

  @Option(
      names = "--nodes",
      paramLabel = "FILE",
      description =
          "Predict only these nodes: a text file with one id per line (the"
              + " source's own id where the dataset has a dictionary), or an npy file of int32 or"
              + " int64 node ids.")
  private Optional<Path> nodes = Optional.empty();

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      defaultValue = "2g",
      description =
          "Memory of slots, arrays and mapped files together, for instance 512m; sampled: of mapped"
              + " files alone (default: ${DEFAULT-VALUE}).")
  private ByteSize memory;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      defaultValue = "0/1",
      description =
          "Compute the I-th of N shards; other processes compute the others, at the same time or"
              + " not; then --merge.")
  private Shard shard;

  @Option(
      names = "--range-nodes",
      paramLabel = "N",
      defaultValue = "65536",
      description =
          "Nodes that are recorded as done together, and computed again after an interruption"
              + " (default: ${DEFAULT-VALUE}).")
  private int rangeNodes;

  @Option(
      names = "--compute-threads",
      paramLabel = "N",
      description = "Threads of the model's operations (default: all cores).")
  private Optional<Integer> computeThreads = Optional.empty();

  InferenceBuilder builder(GraphDataset data, ModelFile model, CommonOptions common) {
    if (rangeNodes < MIN_RANGE_NODES) {
      throw BadInputException.of(
          "a range is recorded by a file, --range-nodes is too small",
          "rangeNodes",
          rangeNodes,
          "min",
          MIN_RANGE_NODES);
    }
    InferenceBuilder builder =
        GraphInference.builder(data, model)
            .mode(mode(model.info().model().numHops()))
            .memory(memory.bytes())
            .rangeNodes(rangeNodes)
            .shard(shard)
            .seed(common.seed);
    common.workers.ifPresent(it -> builder.pipeline(PipelineSettings.defaults().workers(it)));
    computeThreads.ifPresent(builder::computeThreads);
    nodes
        .map(file -> NodeFile.read(file, data.graph().numNodes(), data.dictionary()))
        .ifPresent(builder::nodes);
    return builder;
  }

  private InferenceMode mode(int numHops) {
    return switch (mode) {
      case LAYERWISE -> {
        if (fanout.isPresent()
            || draw.isPresent()
            || repeats.isPresent()
            || batchSize.isPresent()) {
          throw BadInputException.of(
              "--fanout, --draw, --repeat and --batch-size are for --mode sampled",
              "mode",
              EnumOptions.label(mode));
        }
        yield InferenceMode.layerwise();
      }
      case SAMPLED -> {
        InferenceMode.Sampled sampled =
            InferenceMode.sampled(fanout.orElseGet(() -> InferenceMode.defaultFanout(numHops)));
        yield sampled
            .draw(draw.orElse(sampled.draw()))
            .repeats(repeats.orElse(sampled.repeats()))
            .batchSize(batchSize.orElse(sampled.batchSize()));
      }
    };
  }

  /** The shard, if there are others. */
  Optional<String> unfinishedShard() {
    return shard.equals(Shard.WHOLE) ? Optional.empty() : Optional.of(shard.toString());
  }
}
