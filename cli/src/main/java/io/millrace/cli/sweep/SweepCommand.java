package io.millrace.cli.sweep;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.ResidenceOption;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.cli.ranks.ProcessOptions;
import io.millrace.cli.ranks.RankSession;
import io.millrace.cli.train.TrainOptions;
import io.millrace.datasets.GraphDataset;
import io.millrace.ranks.Collective;
import io.millrace.sweeps.GraphSweep;
import io.millrace.sweeps.ScheduleOptions;
import io.millrace.sweeps.SchedulerKind;
import io.millrace.sweeps.SweepBuilder;
import io.millrace.sweeps.SweepResult;
import io.millrace.sweeps.space.SearchSpace;
import io.millrace.training.metrics.Metric;
import io.millrace.training.torch.TorchDevice;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Trains many models with settings from a search space, and stops bad ones early. The next class to
 * read is {@link GraphSweep}, which it runs.
 */
@Command(
    name = "sweep",
    sortOptions = false,
    description = {
      "Trains many models on one dataset, with settings from a search space, stops bad ones early,"
          + " and tests the best. All trials share the dataset in memory."
    },
    footer = {
      "%nOptions of train that are not in the search space hold for all trials; one compute thread"
          + " by default."
    })
@Internal
public final class SweepCommand extends Subcommand {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory.")
  private Path dataset;

  @Spec private CommandSpec spec;

  @Option(
      names = "--space",
      required = true,
      paramLabel = "FILE",
      description =
          "The search space in YAML: options of train and their values, as lr: {log: [1e-4, 0.1]},"
              + " dropout: {uniform: [0, 0.6]}, layers: {int: [2, 4]}, hidden: [64, 128].")
  private Path space;

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "" + SweepBuilder.TRIALS,
      description = "Trainings that begin (default: ${DEFAULT-VALUE}).")
  private int trials;

  @Option(
      names = "--scheduler",
      paramLabel = "asha|halving|random|pbt",
      defaultValue = "asha",
      description =
          "asha: the best third goes on at each rung, without waiting; halving: the same, round by"
              + " round; random: all go on; pbt: bad trials continue as changed copies of good ones"
              + " (default: ${DEFAULT-VALUE}).")
  private SchedulerKind scheduler;

  @Option(
      names = "--max-epochs",
      paramLabel = "N",
      defaultValue = "" + ScheduleOptions.MAX_EPOCHS,
      description =
          "Epochs of a trial at most, over which a schedule of the learning rate spreads (default:"
              + " ${DEFAULT-VALUE}).")
  private int maxEpochs;

  @Option(
      names = "--grace",
      paramLabel = "N",
      defaultValue = "1",
      description = "Epochs of each trial at least, the first rung (default: ${DEFAULT-VALUE}).")
  private int grace;

  @Option(
      names = "--eta",
      paramLabel = "N",
      defaultValue = "" + ScheduleOptions.ETA,
      description = "One of so many trials goes on at a rung (default: ${DEFAULT-VALUE}).")
  private int eta;

  @Option(
      names = "--form",
      paramLabel = "promotion|stopping",
      defaultValue = "promotion",
      description =
          "asha: pause each trial at a rung and promote the best, or stop the bad ones (default:"
              + " ${DEFAULT-VALUE}).")
  private AshaForm form;

  @Option(
      names = "--interval",
      paramLabel = "N",
      defaultValue = "" + ScheduleOptions.INTERVAL,
      description = "pbt: epochs between two rounds of copies (default: ${DEFAULT-VALUE}).")
  private int interval;

  @Option(
      names = "--parallel",
      paramLabel = "K",
      defaultValue = "1",
      description = "Trials that train at a time (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--share-batches",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Let trials in parallel whose fanout and batch size are equal read the same batches"
              + " (default: yes).")
  private boolean shareBatches;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description =
          "Keep trials.jsonl here, and each trial as train --save does; the folder must not exist.")
  private Path out;

  @Option(
      names = "--resume",
      description = "Resume the sweep in --out where it was killed, if there is one.")
  private boolean resume;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description =
          "asha: decide as the sweep did whose trials.jsonl this is; with --parallel, decisions"
              + " depend on times.")
  private Optional<Path> replay = Optional.empty();

  @Mixin private ResidenceOption residence;

  @Mixin private TrainOptions options;

  @Mixin private ProcessOptions ranks;

  private final Supplier<CommandLine> commands;

  /** How ASHA keeps the best. */
  @Internal
  public enum AshaForm {
    PROMOTION,
    STOPPING
  }

  /**
   * @param commands makes the {@code millrace} command, whose {@code train} parses the trials
   */
  public SweepCommand(Streams streams, Supplier<CommandLine> commands) {
    super(streams);
    this.commands = commands;
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    if (ranks.isSilent()) {
      output.silence();
    }
    SearchSpace read = SearchSpace.read(space);
    TrialLines given = TrialLines.of(commands, spec, dataset, maxEpochs, common.seed());
    given.requireFitting(read);
    TrialLines lines = ranks.size().map(it -> given.onRanks(it, read)).orElse(given);
    try (RankSession session =
        ranks.join(spec.commandLine().getParent().getParseResult().originalArgs())) {
      return session.run(shared -> run(lines, read, shared, common, output));
    } catch (CommandLine.ParameterException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }

  private Map<String, Object> run(
      TrialLines lines,
      SearchSpace read,
      Optional<Collective> shared,
      CommonOptions common,
      Output output) {
    shared.ifPresent(it -> output.note("ranks: %d, which share each trial", it.size()));
    TorchDevice device = TorchDevice.of(common.device());
    output.note("device: %s", device.description());
    GraphDataset data = datasets().open(dataset, residence.mode());
    shared.ifPresent(it -> it.barrier(RankSession.COPY_LIMIT));
    data.features(); // all trials need them: refused before anything is written
    output.note(
        "dataset: %s, %s nodes, %s edges",
        data.name(), Format.count(data.graph().numNodes()), Format.count(data.graph().numEdges()));
    TrainedTrials training = new TrainedTrials(lines, data, dataset, device, common, output);
    GraphSweep sweep = sweep(training, read, shared);
    Metric metric = lines.metric(read);
    SweepResult result;
    try (SweepProgress progress = new SweepProgress(output, metric, trials)) {
      result = sweep.run(progress);
    }
    SweepText text = new SweepText(result, read.varying(), metric);
    text.print(output);
    if (ranks.isFirst()) {
      text.writePage(data.name(), out, output);
    }
    output.result("again: %s", lines.again(result.best().trial()));
    Map<String, Object> json = text.json();
    json.put("dataset", data.name());
    json.put("scheduler", EnumOptions.label(scheduler));
    if (result.batches().read() > 0) {
      json.put("sampled_batches", result.batches().sampled());
      json.put("read_batches", result.batches().read());
    }
    shared.ifPresent(it -> json.put("ranks", it.size()));
    json.put("out", out.toString());
    return json;
  }

  private GraphSweep sweep(TrainedTrials training, SearchSpace read, Optional<Collective> shared) {
    if (parallel > 1 && scheduler == SchedulerKind.ASHA && replay.isEmpty()) {
      training
          .output()
          .note("not reproducible: decisions of asha depend on times, --replay repeats them");
    }
    TrialLines lines = training.lines();
    SweepBuilder sweep =
        GraphSweep.builder(training)
            .space(read)
            .saveTo(out)
            .trials(trials)
            .schedule(
                new ScheduleOptions(
                    scheduler, maxEpochs, grace, eta, form == AshaForm.PROMOTION, interval))
            .parallel(parallel)
            .sharesBatches(shareBatches)
            .seed(training.common().seed())
            .samplingSeed(lines.samplingSeed())
            .resume(resume)
            .changing(lines.changing(read))
            .about(training.data(), lines.fixed());
    replay.ifPresent(sweep::replay);
    shared.ifPresent(sweep::collective);
    return sweep.build();
  }
}
