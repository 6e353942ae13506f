package io.millrace.cli.train;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.DiskOption;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.cli.command.TraceOption;
import io.millrace.cli.data.BuiltInGraph;
import io.millrace.cli.ranks.PartitionOptions;
import io.millrace.cli.ranks.RankOptions;
import io.millrace.cli.ranks.RankSession;
import io.millrace.cli.report.TimelineSample;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.platform.WriterLock;
import io.millrace.ranks.Collective;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.RanksPausedException;
import io.millrace.slicing.cache.FeatureCacheReport;
import io.millrace.slicing.disk.DiskReads;
import io.millrace.slicing.partition.PartWriter;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.Runs;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.models.ModelKind;
import io.millrace.training.parallel.PartitionReport;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.trace.Stage;
import io.millrace.tuning.Verdict;
import io.millrace.tuning.balance.Balance;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Trains a model, evaluates it after every epoch, and tests it with the weights of the best one.
 * The next class to read is {@link GraphTrainer}, which it runs.
 */
@Command(
    name = "train",
    sortOptions = false,
    description = {
      "Trains a model by sampled neighbourhoods, evaluates it after every epoch, and tests it with"
          + " the weights of the best one."
    },
    footer = {
      "%n--workers: by default one for every two cores.",
      "With --debug the result has the digest of all batches."
    })
@Internal
public final class TrainCommand extends Subcommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "DATASET",
      description = "A dataset directory (default: a built-in synthetic graph).")
  private Optional<Path> dataset = Optional.empty();

  @Spec private CommandSpec spec;

  @Mixin private TrainOptions options;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Train N times, with --seed and the seeds after it; print mean and standard deviation (in"
              + " JSON 0 for one run).")
  private int numRuns;

  @Mixin private CheckpointOptions saving;

  @Option(
      names = "--residence",
      paramLabel = "auto|mapped|disk|in-memory",
      defaultValue = "auto",
      description =
          "Where the dataset is held: mapped from its files, mapped with the rows of a batch's"
              + " nodes read from disk at once, or copied into memory on huge pages; auto copies it"
              + " if that takes at most a quarter of the memory, and reads rows from disk if it"
              + " takes more than half (default: ${DEFAULT-VALUE}).")
  private StorageMode residence;

  @Mixin private TraceOption trace;

  @Mixin private DiskOption disk;

  @Mixin private AutoOption auto;

  @Mixin private RankOptions ranks;

  @Mixin private PartitionOptions partition;

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description =
          "Take workers, compute threads, slots, id map, residence, feature type and cache from a"
              + " file that tune has written.")
  private Optional<Path> settings = Optional.empty();

  /** With which the training goes on, if they are not those that were given. */
  private Optional<List<String>> arguments = Optional.empty();

  /** Of the last run. */
  private Optional<Verdict> verdict = Optional.empty();

  /** Of the last run. */
  private Optional<FeatureCacheReport> cache = Optional.empty();

  private Optional<DiskReads> reads = Optional.empty();

  private Optional<PartitionReport> parts = Optional.empty();

  /** Of each rank in the last run. */
  private double[] stepMillis = {};

  public TrainCommand(Streams streams) {
    super(streams);
  }

  TrainOptions options() {
    return options;
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    partition.requireFit(ranks);
    if (ranks.isSilent()) {
      output.silence();
    }
    Optional<WriterLock> lock = ranks.isFirst() ? saving.lock() : Optional.empty();
    try {
      return train(common, output);
    } finally {
      lock.ifPresent(WriterLock::close);
    }
  }

  /** Goes on with other ranks as long as that is asked for, or possible. */
  private Object train(CommonOptions common, Output output) {
    requireElastic();
    while (true) {
      RankSession session = ranks.join(arguments());
      try (session) {
        return session.run(shared -> train(common, shared, output));
      } catch (RanksPausedException e) {
        if (!ranks.changes().follow(e)) {
          output.note("the training goes on without this rank");
          return Map.of("command", "train", "left_for", e.request());
        }
        output.note("goes on with other ranks: %s", e.request());
      } catch (RankFailedException e) {
        if (!ranks.changes().leaveOut(e)) {
          throw e;
        }
        output.note("%s; goes on without it from the last checkpoint", e.getMessage());
      }
      arguments = Optional.of(saving.resuming(arguments()));
      parse();
    }
  }

  private void requireElastic() {
    if (ranks.changes().arePossible() && (numRuns > 1 || saving.directory(numRuns, 0).isEmpty())) {
      throw BadInputException.of(
          "--restarts and --resize-file need --save and a single run",
          "--runs",
          numRuns,
          "--save",
          saving.directory(1, 0).map(Path::toString).orElse(""));
    }
  }

  private Object train(CommonOptions common, Optional<Collective> shared, Output output) {
    SavedOptions tuned = settings.map(SavedOptions::tuned).orElse(SavedOptions.NONE);
    SavedOptions before = saving.resumed().map(SavedOptions::in).orElse(SavedOptions.NONE);
    takeOver(before.with(tuned), output);
    options.share(ranks);
    shared.ifPresent(it -> output.note("%s", RankText.of(it, options, ranks.staleness())));
    options.requireModel();
    if (trace.isPresent() && numRuns > 1) {
      throw BadInputException.of("a trace covers a single run", "--runs", numRuns);
    }
    TorchDevice device = TorchDevice.of(common.device);
    output.note("device: %s", device.description());
    Path given = dataset.orElseGet(() -> BuiltInGraph.make(output));
    Path directory = shared.map(it -> PartWriter.directory(given, it.rank())).orElse(given);
    GraphDataset data = datasets().open(directory, residence);
    shared.ifPresent(it -> it.barrier(RankSession.COPY_LIMIT));
    output.note(
        "dataset: %s, %s nodes, %s edges",
        data.name(), Format.count(data.graph().numNodes()), Format.count(data.graph().numEdges()));
    Optional<LinkObjective> links = options.link.objective(directory, data.graph().numNodes());
    if (links.isEmpty()) {
      noteNodes(data, known(data), output);
    }
    Runs runs = Runs.run(numRuns, run -> fit(data, links, device, common, shared, run, output));
    String model = EnumOptions.label(options.model.kind);
    TrainResult.print(model, data.name(), runs, common, output);
    cache.map(FeatureCacheOptions::text).ifPresent(it -> output.result("%s", it));
    parts.map(PartitionOptions::text).ifPresent(it -> output.result("%s", it));
    reads.map(ReadsFromDisk::text).ifPresent(it -> output.result("%s", it));
    verdict.map(Verdict::text).filter(it -> !it.isEmpty()).ifPresent(it -> output.result("%s", it));
    options
        .balance()
        .map(it -> RankText.balance(it, stepMillis))
        .ifPresent(lines -> lines.forEach(it -> output.result("%s", it)));
    auto.print(output);
    suggestNext(output);

    Map<String, Object> result = new LinkedHashMap<>();
    result.put("command", "train");
    result.put("dataset", data.name());
    result.put("model", model);
    result.put("device", device.name());
    result.put("settings", options.settings());
    result.putAll(TrainResult.json(runs, common.seed));
    shared.ifPresent(it -> result.put("ranks", RankText.json(it, options, ranks, stepMillis)));
    cache.map(FeatureCacheOptions::json).ifPresent(it -> result.put("feature_cache", it));
    parts.map(PartitionOptions::json).ifPresent(it -> result.put("partition", it));
    reads.map(ReadsFromDisk::json).ifPresent(it -> result.put("disk_reads", it));
    verdict.ifPresent(it -> result.put("verdict", it.json()));
    auto.json().ifPresent(it -> result.put("auto", it));
    return result;
  }

  /** Parses the command line once more, with other defaults. */
  private void takeOver(SavedOptions kept, Output output) {
    if (!kept.values().isEmpty()) {
      output.note("options of the earlier run: %s", kept);
      spec.commandLine().setDefaultValueProvider(kept);
      parse();
    }
  }

  private void parse() {
    List<String> args = arguments();
    List<String> own = args.subList(args.indexOf(spec.name()) + 1, args.size());
    spec.commandLine().parseArgs(own.toArray(String[]::new));
  }

  private List<String> arguments() {
    return arguments.orElseGet(
        () -> spec.commandLine().getParent().getParseResult().originalArgs());
  }

  private FitResult fit(
      GraphDataset data,
      Optional<LinkObjective> links,
      TorchDevice device,
      CommonOptions common,
      Optional<Collective> shared,
      long run,
      Output output) {
    long seed = common.seed + run;
    Optional<Path> directory = saving.directory(numRuns, seed);
    TrainerBuilder builder = options.trainer(data, common).device(device).seed(seed);
    links.ifPresent(builder::links);
    int[] division = options.balance().map(Balance::counts).orElse(new int[0]);
    shared.ifPresent(
        it -> builder.collective(it, division).rankSum(ranks.sum()).staleness(ranks.staleness()));
    ranks
        .changes()
        .pause(options.virtualNodes(), text -> output.note("%s", text))
        .ifPresent(builder::pauseWhen);
    partition
        .settings(ranks, shared.map(Collective::size).orElse(0), data)
        .ifPresent(builder::partition);
    saving.apply(builder, directory);
    String task = numRuns == 1 ? "" : Format.format("run %d/%d", run + 1, numRuns);
    SavedTraining saved = new SavedTraining(data.name(), options, device, seed);
    FitResult result = fit(builder, task, saved, directory, output);
    if (numRuns > 1) {
      output.note("%s: %s", task, TrainResult.summary(result));
    }
    return result;
  }

  private FitResult fit(
      TrainerBuilder builder,
      String task,
      SavedTraining saved,
      Optional<Path> saveTo,
      Output output) {
    Optional<Path> directory = saveTo.filter(_ -> ranks.isFirst());
    int numEpochs = options.learning.epochs;
    try (GraphTrainer trainer = builder.build();
        TrainingProgress progress =
            new TrainingProgress(
                output, task, numEpochs, options.learning.metric(options.link.answers()))) {
      saving.begin(trainer, saveTo, numEpochs, output);
      TimelineSample timeline = new TimelineSample(trainer.trace(), trace.isPresent());
      TrainingListener listener =
          directory.map(dir -> new EpochLog(dir).and(timeline)).orElse(TrainingListener.NONE);
      options.cache.note(trainer, output);
      trace.begin(trainer.trace());
      TrainingListener adjusting = auto.begin(trainer, progress::note);
      FitResult result =
          trainer.fit(numEpochs, progress.and(listener).and(keeping()).and(adjusting));
      if (!ranks.isSilent()) {
        trace.write(trainer.trace(), output);
      }
      stepMillis = trainer.stepMillisOfRanks();
      parts = trainer.partition();
      cache = trainer.featureCache();
      reads = trainer.diskReads();
      Verdict found = Verdict.of(trainer.metrics(), Stage.COMPUTE, disk.resources());
      verdict = Optional.of(found);
      directory.ifPresent(
          dir -> saved.write(dir, result, found, trainer.metrics(), timeline.spans(), output));
      return result;
    }
  }

  private TrainingListener keeping() {
    return ranks.isFirst() ? saving.keeping(keptOptions()) : TrainingListener.NONE;
  }

  private SavedOptions keptOptions() {
    SavedOptions before = saving.resumed().map(SavedOptions::in).orElse(SavedOptions.NONE);
    SavedOptions kept = before.with(SavedOptions.given(spec));
    return ranks.size().isEmpty()
        ? kept
        : kept.with( // what the ranks have made of them
            new SavedOptions(
                Map.of(
                    "--batch-size", String.valueOf(options.batchSize()),
                    "--virtual-nodes", String.valueOf(options.virtualNodes()))));
  }

  private Optional<NodeLabels> known(GraphDataset data) {
    if (options.link.isRegression()) {
      return Optional.of(data.targets());
    }
    return data.hasLabels() ? Optional.of(data.labels()) : Optional.empty();
  }

  private static void noteNodes(GraphDataset data, Optional<NodeLabels> known, Output output) {
    known.ifPresent(labels -> noteUnlabelled(data, labels, output));
    if (!data.hasSplit(Split.TEST) || data.nodes(Split.TEST).length == 0) {
      output.note("there are no test nodes: the model is not tested");
    }
  }

  private static void noteUnlabelled(GraphDataset data, NodeLabels labels, Output output) {
    for (Split split : Split.values()) {
      if (data.hasSplit(split)) {
        int[] nodes = data.nodes(split);
        long numUnlabelled = Arrays.stream(nodes).filter(v -> !labels.isLabelled(v)).count();
        if (numUnlabelled > 0) {
          output.note(
              "%s: %s of %s nodes have no %s",
              split.fileName(),
              Format.count(numUnlabelled),
              Format.count(nodes.length),
              labels.isTargets() ? "target" : "label");
        }
      }
    }
  }

  private void suggestNext(Output output) {
    if (dataset.isPresent()) {
      return;
    }
    if (options.model.kind == ModelKind.MLP) {
      output.note("compare: millrace train                (the same nodes with their graph)");
    } else {
      output.note("compare: millrace train --model mlp    (the same nodes without their graph)");
    }
    output.note("your own: millrace import ogb SRC --out DIR, then millrace train DIR");
  }
}
