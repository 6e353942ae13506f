package io.millrace.bench.serve;

import io.millrace.BadInputException;
import io.millrace.bench.harness.Environment;
import io.millrace.bench.harness.TextTable;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.ResidenceOption;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.cli.infer.TrainedModel;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.serving.models.ModelSettings;
import io.millrace.training.files.ModelFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a server under loads from half to twice its capacity. */
@Command(
    name = "serve",
    sortOptions = false,
    description =
        "Measures a server on this machine under loads that do not wait for its answers, as it is"
            + " and without batches, shedding and cache.")
public final class ServeBenchCommand extends Subcommand {
  private static final double MAX_SECONDS = 600;
  private static final int MAX_LOAD = 100;
  private static final int MAX_ROUNDS = 100;

  @Mixin private TrainedModel trained;

  @Option(
      names = "--fanout",
      paramLabel = "N,N,...",
      description = "Neighbours per hop (default: as trained).")
  private Optional<Fanout> fanout = Optional.empty();

  @Option(
      names = "--slo-ms",
      paramLabel = "MS",
      defaultValue = "20",
      description = "The objective (default: ${DEFAULT-VALUE}).")
  private int sloMillis;

  @Option(
      names = "--compute-threads",
      paramLabel = "N",
      description = "Threads of the model's operations (default: half of the cores).")
  private Optional<Integer> computeThreads = Optional.empty();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1",
      description = "Nodes that a request asks for (default: ${DEFAULT-VALUE}).")
  private int perRequest;

  @Option(
      names = "--loads",
      split = ",",
      paramLabel = "X,X,...",
      defaultValue = "0.5,0.9,1.5,2",
      description = "As multiples of the capacity (default: ${DEFAULT-VALUE}).")
  private double[] loads;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "2",
      description = "Of each load in each round (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Rounds of each load, in which the variants take turns (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "2",
      description =
          "Seconds of a load before those that count, in which the JVM compiles"
              + " (default: ${DEFAULT-VALUE}).")
  private double warmSeconds;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME,NAME,...",
      description =
          "Measure these variants alone, for instance millrace; the capacity is that of the first.")
  private List<String> only = List.of();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Measure the server at this address of this machine, which another process has begun, for"
              + " instance on other cores: millrace serve DATASET --model DIR --cache 0. Its model"
              + " has the name of DIR.")
  private Optional<URI> url = Optional.empty();

  @Mixin private ResidenceOption residence;
  @Spec private CommandSpec spec;

  public ServeBenchCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    if (sloMillis < 1
        || !(seconds > 0 && seconds <= MAX_SECONDS)
        || rounds < 1
        || rounds > MAX_ROUNDS
        || perRequest < 1
        || perRequest > 1000
        || !(warmSeconds >= 0 && warmSeconds <= MAX_SECONDS)) {
      throw BadInputException.of(
          "an objective and times are needed",
          "slo-ms",
          sloMillis,
          "seconds",
          seconds,
          "rounds",
          rounds,
          "warm-up",
          warmSeconds,
          "nodes",
          perRequest);
    }
    for (double load : loads) {
      if (!(load > 0 && load <= MAX_LOAD)) {
        throw BadInputException.of("a load is above 0 and at most " + MAX_LOAD, "loads", load);
      }
    }
    ModelSettings settings =
        new ModelSettings(
            sloMillis * 1_000_000L,
            ModelSettings.Mode.SAMPLED,
            fanout,
            common.seed(),
            false,
            OptionalLong.empty(),
            1_000_000,
            0,
            1,
            1,
            computeThreads.orElse(Math.max(1, Runtime.getRuntime().availableProcessors() / 2)));
    if (url.isPresent() && (fanout.isPresent() || computeThreads.isPresent() || !only.isEmpty())) {
      throw BadInputException.of(
          "a server has its own fanout and threads, and no variants", "url", url.get());
    }
    List<ServeVariant> variants =
        url.isPresent() ? List.of(ServeVariant.another(settings)) : variants(settings);
    output.note(
        "takes about %.0f s: %d variants, %d loads, %d rounds of %s s",
        warmSeconds * (2 * variants.size() + 1)
            + seconds * (2 + rounds * loads.length * variants.size()),
        variants.size(),
        loads.length,
        rounds,
        seconds);
    Map<String, Object> result = Environment.of(spec);
    try (GraphDataset data = GraphDataset.open(trained.dataset(), residence.mode())) {
      Environment.putDataset(result, data);
      if (url.isEmpty()) {
        result.put("scorer", scorerCosts(data, common.seed(), output));
      }
      ServeContest.Plan plan =
          new ServeContest.Plan(perRequest, loads, warmSeconds, seconds, rounds, common.seed());
      try (ServeContest contest = contest(data, variants, plan)) {
        double capacity = contest.capacity();
        output.result("capacity: %.0f requests/s", capacity);
        if (capacity <= 0) {
          throw BadInputException.of("the server answers nothing in this time", "seconds", seconds);
        }
        List<ServeContest.Outcome> outcomes = contest.measure(capacity);
        print(outcomes, output);
        result.put("settings", settings());
        result.put("capacity_per_second", capacity);
        result.put("loads", outcomes.stream().map(ServeBenchCommand::json).toList());
      }
    }
    return result;
  }

  private ServeContest contest(
      GraphDataset data, List<ServeVariant> variants, ServeContest.Plan plan) {
    Path model = trained.directory();
    return url.map(
            it ->
                ServeContest.of(
                    it,
                    model.toAbsolutePath().normalize().getFileName().toString(),
                    data.graph().numNodes(),
                    variants.getFirst(),
                    plan))
        .orElseGet(() -> ServeContest.start(data, model, variants, plan));
  }

  private List<Map<String, Object>> scorerCosts(GraphDataset data, long seed, Output output) {
    ModelFile file = trained.read();
    Fanout taken = fanout.orElseGet(() -> Fanout.parse(file.info().fanout()));
    List<ScorerCost> costs = ScorerCost.measure(data, file, taken, seed);
    printCosts(costs, output);
    return costs.stream().map(ServeBenchCommand::json).toList();
  }

  private List<ServeVariant> variants(ModelSettings settings) {
    List<ServeVariant> all = ServeVariant.all(settings);
    List<String> names = all.stream().map(ServeVariant::name).toList();
    for (String name : only) {
      if (!names.contains(name)) {
        throw BadInputException.of("no such variant", "only", name, "variants", names);
      }
    }
    return all.stream().filter(it -> only.isEmpty() || only.contains(it.name())).toList();
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("slo_ms", sloMillis);
    settings.put("seconds", seconds);
    settings.put("rounds", rounds);
    settings.put("nodes_per_request", perRequest);
    settings.put("loads", Arrays.stream(loads).boxed().toList());
    return settings;
  }

  private static Map<String, Object> json(ServeContest.Outcome outcome) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("variant", outcome.variant());
    json.put("load", outcome.load());
    json.putAll(outcome.result().json());
    json.put("nodes_per_batch", outcome.nodesPerBatch());
    json.put("batch_ms", outcome.batchMillis());
    return json;
  }

  private static Map<String, Object> json(ScorerCost cost) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("request", cost.request());
    json.put("cpu_ms", cost.cpuMillis());
    json.put("ms", cost.millis());
    json.put("heap_bytes", cost.bytes());
    return json;
  }

  private static void printCosts(List<ScorerCost> costs, Output output) {
    TextTable table = new TextTable("from code", "CPU ms", "ms", "heap");
    for (ScorerCost cost : costs) {
      table.add(
          cost.request(),
          Format.format("%.2f", cost.cpuMillis()),
          Format.format("%.2f", cost.millis()),
          Format.bytes(cost.bytes()));
    }
    table.print(output);
  }

  private static void print(List<ServeContest.Outcome> outcomes, Output output) {
    TextTable table =
        new TextTable(
            "variant",
            "load",
            "per s",
            "in time per s",
            "P50 ms",
            "P99 ms",
            "503",
            "P99 ms",
            "504",
            "nodes/batch",
            "ms",
            "sent late P99 ms");
    for (ServeContest.Outcome outcome : outcomes) {
      LoadResult it = outcome.result();
      table.add(
          outcome.variant(),
          Format.format("%.1f", outcome.load()),
          Format.format("%.0f", it.perSecond()),
          Format.format("%.0f", it.goodput()),
          Format.format("%.1f", it.percentile(200, 50)),
          Format.format("%.1f", it.percentile(200, 99)),
          Integer.toString(it.count(503)),
          Format.format("%.1f", it.percentile(503, 99)),
          Integer.toString(it.count(504)),
          Format.format("%.1f", outcome.nodesPerBatch()),
          Format.format("%.1f", outcome.batchMillis()),
          Format.format("%.1f", it.delayPercentile(99)));
    }
    table.print(output);
  }
}
