package io.millrace.spark;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.spark.barrier.TrialPlan;
import io.millrace.spark.barrier.TrialStages;
import io.millrace.sweeps.GraphSweep;
import io.millrace.sweeps.ScheduleOptions;
import io.millrace.sweeps.SchedulerKind;
import io.millrace.sweeps.SweepBuilder;
import io.millrace.sweeps.SweepListener;
import io.millrace.sweeps.SweepResult;
import io.millrace.sweeps.TrialRow;
import io.millrace.sweeps.space.SearchSpace;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.DeviceChoice;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code spark-submit --class io.millrace.spark.Sweep}: trains many models, by the options of
 * {@code millrace sweep}. The scheduler is in the driver; each time a trial trains up to where it
 * may leave is one job of Spark.
 */
@Command(
    name = "Sweep",
    description =
        "Trains many models on the executors, with settings from a search space, stops bad ones"
            + " early, and tests the best, as millrace sweep --ranks.")
public final class Sweep extends SparkCommand {
  @Parameters(
      paramLabel = "DATASET",
      description = "A dataset directory that driver and executors see.")
  private String dataset;

  @Option(
      names = "--space",
      required = true,
      paramLabel = "FILE",
      description = "The search space in YAML, which has all options of the trainings.")
  private Path space;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Keeps trials.jsonl and the trials; driver and executors see it.")
  private Path out;

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
      description = "Which trials go on (default: ${DEFAULT-VALUE}).")
  private SchedulerKind scheduler;

  @Option(
      names = "--max-epochs",
      paramLabel = "N",
      defaultValue = "" + ScheduleOptions.MAX_EPOCHS,
      description = "Epochs of a trial at most (default: ${DEFAULT-VALUE}).")
  private int maxEpochs;

  @Option(
      names = "--grace",
      paramLabel = "N",
      defaultValue = "1",
      description = "Epochs of each trial at least (default: ${DEFAULT-VALUE}).")
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
      description = "asha: pause trials at rungs, or stop them (default: ${DEFAULT-VALUE}).")
  private String form;

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
      description = "Jobs at a time (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Option(names = "--resume", description = "Resume the sweep in --out, if there is one.")
  private boolean resume;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "asha: decide as the sweep did whose trials.jsonl this is.")
  private Optional<Path> replay = Optional.empty();

  @Option(
      names = "--ranks",
      defaultValue = "1",
      paramLabel = "N",
      description = "Tasks of each job (default: ${DEFAULT-VALUE}).")
  private int ranks;

  @Option(names = "--seed", defaultValue = "0", paramLabel = "N", description = "Seed.")
  private long seed;

  @Option(
      names = "--sampling-seed",
      paramLabel = "N",
      description = "Determines the batches (default: --seed).")
  private Optional<Long> samplingSeed = Optional.empty();

  @Option(
      names = "--compute-threads",
      defaultValue = "1",
      paramLabel = "N",
      description = "Threads of each rank (default: ${DEFAULT-VALUE}).")
  private int computeThreads;

  @Option(
      names = "--device",
      defaultValue = "cpu",
      paramLabel = "cpu|gpu",
      description = "Where to compute (default: ${DEFAULT-VALUE}).")
  private String device;

  public static void main(String[] args) {
    SparkCommand.main(new Sweep(), args);
  }

  @Override
  void run(SparkSession spark, Consumer<String> print) {
    boolean gpu = isGpu(device);
    if (!form.equals("promotion") && !form.equals("stopping")) {
      throw BadInputException.of("asha has the form promotion or stopping", "--form", form);
    }
    MillraceClassifier common =
        new MillraceClassifier()
            .setDataset(dataset)
            .setNumWorkers(ranks)
            .setComputeThreads(computeThreads)
            .setUseGpu(gpu);
    TrialPlan plan = new TrialPlan(Settings.of(common, spark).trainingPlan());
    SearchSpace read = SearchSpace.read(space);
    try (GraphDataset data = GraphDataset.open(Path.of(dataset))) {
      plan.requireFitting(read, data);
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      SweepResult result = sweep(plan, read, data, context).run(SweepListener.NONE);
      print(result, print);
    }
  }

  private GraphSweep sweep(
      TrialPlan plan, SearchSpace read, GraphDataset data, JavaSparkContext spark) {
    Set<String> changing = new LinkedHashSet<>(read.names());
    changing.retainAll(TrialPlan.CHANGING);
    SweepBuilder sweep =
        GraphSweep.builder(trial -> plan.trainer(trial, data, TorchDevice.of(DeviceChoice.CPU)))
            .space(read)
            .saveTo(out)
            .trials(trials)
            .schedule(
                new ScheduleOptions(
                    scheduler, maxEpochs, grace, eta, form.equals("promotion"), interval))
            .parallel(parallel)
            .seed(seed)
            .samplingSeed(samplingSeed.orElse(seed))
            .resume(resume)
            .changing(changing)
            .about(data, fixed(read))
            .jobs(new TrialStages(spark, plan));
    replay.ifPresent(sweep::replay);
    return sweep.build();
  }

  private Map<String, String> fixed(SearchSpace read) {
    String virtualNodes = "virtual-nodes";
    return read.names().contains(virtualNodes)
        ? Map.of()
        : Map.of(virtualNodes, Integer.toString(ranks));
  }

  private void print(SweepResult result, Consumer<String> print) {
    result.trials().forEach(row -> print.accept(line(row)));
    print.accept(
        String.format(
            Locale.ROOT,
            "best: trial %d, valid %s after epoch %d, test %s; %d epochs in all",
            result.best().trial().number(),
            number(OptionalDouble.of(result.bestValid())),
            result.best().bestEpoch(),
            number(result.test()),
            result.epochs()));
    print.accept("model: " + out);
  }

  private static String line(TrialRow row) {
    return String.format(
        Locale.ROOT,
        "trial %d: %s, %d epochs, valid %s, %s%s",
        row.trial().number(),
        row.state().name().toLowerCase(Locale.ROOT),
        row.epochs(),
        number(row.valid()),
        row.trial().settings().entrySet().stream()
            .map(it -> it.getKey() + "=" + it.getValue())
            .collect(Collectors.joining(" ")),
        row.error().map(it -> ": " + it).orElse(""));
  }

  private static String number(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.4f", value.getAsDouble()) : "-";
  }
}
