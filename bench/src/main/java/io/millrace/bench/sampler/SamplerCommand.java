package io.millrace.bench.sampler;

import io.millrace.BadInputException;
import io.millrace.bench.harness.BuiltInRmat;
import io.millrace.bench.harness.DatasetOptions;
import io.millrace.bench.harness.Environment;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.IdMapKind;
import io.millrace.sampler.draw.Draw;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Measures the sampler: {@link Throughput} on some threads, or {@code Exploration} of the design
 * space.
 */
@Command(
    name = "sampler",
    sortOptions = false,
    description =
        "Measures neighbourhood sampling on 1, 2, 4, ... --workers threads (default: all)"
            + " next to a plain sampler on fastutil's map.")
public final class SamplerCommand extends Subcommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "DATASET",
      description = "A dataset directory (default: a built-in R-MAT graph of 2^20 nodes).")
  private Optional<Path> dataset = Optional.empty();

  @Option(
      names = "--explore",
      description = "Measure the design space on one thread: id map x order x draw x memory.")
  private boolean explore;

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      description = "With --explore: only variants with such a name, and the naive one.")
  private Optional<Pattern> only = Optional.empty();

  @Option(
      names = "--slice",
      description = "Sample and gather features, into a reused slot next to a fresh one per batch.")
  private boolean slice;

  @Mixin private DatasetOptions residence;

  @Option(
      names = "--map",
      paramLabel = "auto|hash|direct",
      defaultValue = "auto",
      description = "The sampler's id map (default: ${DEFAULT-VALUE}).")
  private IdMapKind map;

  @Option(
      names = "--fanout",
      paramLabel = "N,N,...",
      defaultValue = "15,10,5",
      description =
          "Neighbours per hop, from the seeds outwards; -1 = all (default: ${DEFAULT-VALUE}).")
  private Fanout fanout;

  @Option(
      names = "--draw",
      paramLabel = "HOW",
      defaultValue = "uniform",
      description =
          "How neighbours are drawn, as in train; another way than uniform is measured next to"
              + " uniform, and draws by weight next to running sums of each row (default:"
              + " ${DEFAULT-VALUE}).")
  private Draw draw;

  @Option(
      names = "--timed",
      description =
          "Seeds are at a time, that of an edge drawn at random; the dataset has edge times. A mask"
              + " over the row and uniform draws from whole rows are measured next to it.")
  private boolean timed;

  @Option(
      names = "--edge-positions",
      description =
          "Batches say where each edge lies, which edge features need; measured next to uniform"
              + " draws without.")
  private boolean edgePositions;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Seeds per batch (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--batches",
      paramLabel = "N",
      description = "Batches per round and thread (default: 20, with --explore 2).")
  private Optional<Integer> batches = Optional.empty();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds; results are medians (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Spec private CommandSpec spec;

  public SamplerCommand(Streams streams) {
    super(streams);
  }

  /** An id map as {@code --map} names it. */
  public static String label(IdMapKind map) {
    return switch (map) {
      case AUTO -> "auto";
      case FLAT_HASH -> "hash";
      case DIRECT_ADDRESS -> "direct";
    };
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    SamplerSettings settings = settings(common);
    Map<String, Object> result = Environment.of(spec);
    try (StageProgress progress = output.stages()) {
      result.putAll(measure(settings, progress, output));
    }
    return result;
  }

  private Map<String, Object> measure(
      SamplerSettings settings, StageProgress progress, Output output) {
    Path directory = dataset.orElseGet(() -> BuiltInRmat.make(progress));
    Map<String, Object> result = new LinkedHashMap<>();
    try (GraphDataset data = residence.open(directory, StorageMode.AUTO)) {
      Environment.putDataset(result, data);
      result.put("settings", settings.toMap());
      result.putAll(residence.toMap());
      output.note(
          "dataset: %s, %s nodes, %s edges",
          data.name(),
          Format.count(data.graph().numNodes()),
          Format.count(data.graph().numEdges()));
      result.putAll(
          explore
              ? explore(data, directory, settings, progress, output)
              : throughput(data, residence.before(data, directory), settings, progress, output));
    }
    return result;
  }

  private Map<String, Object> explore(
      GraphDataset data,
      Path directory,
      SamplerSettings settings,
      StageProgress progress,
      Output output) {
    try (GraphDataset mapped = GraphDataset.open(directory, StorageMode.MAPPED)) {
      ExploreResult explored = Exploration.run(data, mapped, settings, only, progress);
      progress.close();
      explored.print(output);
      return explored.json();
    }
  }

  private Map<String, Object> throughput(
      GraphDataset data,
      Runnable before,
      SamplerSettings settings,
      StageProgress progress,
      Output output) {
    ThroughputResult measured =
        slice
            ? Throughput.slicing(data, before, settings, map, progress)
            : Throughput.sampling(data, before, settings, map, progress);
    progress.close();
    measured.print(output);
    return measured.json();
  }

  private SamplerSettings settings(CommonOptions common) {
    if (explore && slice) {
      throw new BadInputException("--explore and --slice exclude each other");
    }
    if (explore && map != IdMapKind.AUTO) {
      throw new BadInputException("--explore measures all maps: leave out --map");
    }
    if (only.isPresent() && !explore) {
      throw new BadInputException("--only goes with --explore");
    }
    SamplerSettings settings =
        new SamplerSettings(
            fanout,
            draw,
            timed || draw.needsTimes(),
            edgePositions,
            batchSize,
            batches.orElse(explore ? 2 : 20),
            rounds,
            common.seed(),
            common.workers().orElse(Runtime.getRuntime().availableProcessors()));
    if ((explore || slice) && !settings.isUniform()) {
      throw new BadInputException(
          "--explore and --slice draw uniformly: leave out --draw, --timed and --edge-positions");
    }
    return settings;
  }
}
