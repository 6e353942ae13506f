package io.millrace.bench.schedulers;

import io.millrace.Require;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.sweeps.RecordedCurves;
import io.millrace.sweeps.RecordedCurves.Outcome;
import io.millrace.sweeps.ScheduleOptions;
import io.millrace.sweeps.SchedulerKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Lets each scheduler decide on the curves of a sweep that trained all, with the trials in many
 * random orders. The next class to read is {@link RecordedCurves}.
 */
@Command(
    name = "schedulers",
    sortOptions = false,
    description = {
      "Compares the schedulers of sweep on the curves of sweeps whose trials trained all epochs"
          + " (--scheduler random): what each finds, and for how many epochs. Trains nothing."
    })
public final class SchedulersCommand extends Subcommand {
  private static final double PERCENT = 100;

  @Parameters(arity = "1..*", paramLabel = "LOG", description = "The trials.jsonl of a sweep.")
  private List<Path> logs;

  @Option(
      names = "--orders",
      paramLabel = "N",
      defaultValue = "100",
      description = "Random orders in which the trials begin (default: ${DEFAULT-VALUE}).")
  private int orders;

  @Option(
      names = "--grace",
      paramLabel = "N",
      defaultValue = "1",
      description = "As in sweep (default: ${DEFAULT-VALUE}).")
  private int grace;

  @Option(
      names = "--eta",
      paramLabel = "N",
      defaultValue = "" + ScheduleOptions.ETA,
      description = "As in sweep (default: ${DEFAULT-VALUE}).")
  private int eta;

  @Option(
      names = "--within",
      paramLabel = "POINTS",
      defaultValue = "0.3",
      description = "Gap to the best of all trials that counts as small (default: 0.3).")
  private double within;

  /** What a scheduler found in all orders. */
  private record Finding(String name, List<Outcome> outcomes) {}

  public SchedulersCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    Require.positive("orders", orders);
    List<Object> all = new ArrayList<>();
    for (Path log : logs) {
      RecordedCurves curves = RecordedCurves.read(log);
      int[] inOrder = IntStream.range(0, curves.numTrials()).toArray();
      Outcome grid = curves.replay(options(SchedulerKind.RANDOM, curves, true), inOrder);
      output.result(
          "%s: %d trials, %d epochs, best valid %.2f %%",
          log, curves.numTrials(), grid.epochs(), grid.valid() * PERCENT);
      output.result(
          "%-22s  %6s  %8s  %9s  %s", "scheduler", "epochs", "mean gap", "worst gap", "small gaps");
      List<Object> found = new ArrayList<>();
      for (Finding finding : findings(curves, new Random(common.seed()))) {
        found.add(print(finding, grid, output));
      }
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("log", log.toString());
      json.put("trials", curves.numTrials());
      json.put("epochs", grid.epochs());
      json.put("best_valid", grid.valid());
      json.put("schedulers", found);
      all.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("command", "bench schedulers");
    json.put("orders", orders);
    json.put("logs", all);
    return json;
  }

  private ScheduleOptions options(SchedulerKind kind, RecordedCurves curves, boolean promotion) {
    return new ScheduleOptions(
        kind, curves.numEpochs(), grace, eta, promotion, ScheduleOptions.INTERVAL);
  }

  private List<Finding> findings(RecordedCurves curves, Random random) {
    Finding promotion = new Finding("asha, promotion", new ArrayList<>());
    Finding same = new Finding("random, same epochs", new ArrayList<>());
    Finding stopping = new Finding("asha, stopping", new ArrayList<>());
    Finding halving = new Finding("halving", new ArrayList<>());
    List<Integer> trials = new ArrayList<>(IntStream.range(0, curves.numTrials()).boxed().toList());
    for (int i = 0; i < orders; i++) {
      Collections.shuffle(trials, random);
      int[] order = trials.stream().mapToInt(it -> it).toArray();
      Outcome asha = curves.replay(options(SchedulerKind.ASHA, curves, true), order);
      promotion.outcomes.add(asha);
      stopping.outcomes.add(curves.replay(options(SchedulerKind.ASHA, curves, false), order));
      halving.outcomes.add(curves.replay(options(SchedulerKind.HALVING, curves, true), order));
      int affordable = Math.max(1, asha.epochs() / curves.numEpochs());
      same.outcomes.add(
          curves.replay(
              options(SchedulerKind.RANDOM, curves, true), Arrays.copyOf(order, affordable)));
    }
    return List.of(promotion, same, stopping, halving);
  }

  private Map<String, Object> print(Finding finding, Outcome grid, Output output) {
    double[] gaps =
        finding.outcomes.stream()
            .mapToDouble(it -> Math.abs(grid.valid() - it.valid()) * PERCENT)
            .toArray();
    double epochs = finding.outcomes.stream().mapToInt(Outcome::epochs).average().orElseThrow();
    double mean = Arrays.stream(gaps).average().orElseThrow();
    double worst = Arrays.stream(gaps).max().orElseThrow();
    double small = Arrays.stream(gaps).filter(it -> it <= within).count() / (double) gaps.length;
    output.result(
        "%-22s  %4.0f %%  %8.2f  %9.2f  %.0f %%",
        finding.name, epochs / grid.epochs() * PERCENT, mean, worst, small * PERCENT);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("scheduler", finding.name);
    json.put("epochs", epochs);
    json.put("epochs_share", epochs / grid.epochs());
    json.put("mean_gap_points", mean);
    json.put("worst_gap_points", worst);
    json.put("small_gap_share", small);
    return json;
  }
}
