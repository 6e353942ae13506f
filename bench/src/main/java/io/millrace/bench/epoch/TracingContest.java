package io.millrace.bench.epoch;

import io.millrace.Progress;
import io.millrace.bench.harness.Median;
import io.millrace.bench.harness.Rounds;
import io.millrace.cli.command.Output;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.torch.TorchDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures what it costs that a pipeline records its stages: epochs with and without, in turns, by
 * the CPU time of the process, which other programs on the machine hardly change. Which of the two
 * begins changes from round to round. Used by one thread; closes its trainers.
 */
final class TracingContest implements AutoCloseable {
  private static final String PROPERTY = "millrace.trace";

  /** The clock of the process counts hundredths of a second. */
  private static final double MIN_SECONDS = 0.1;

  /** CPU seconds with and without, of as many epochs. */
  private record Round(double with, double without) {
    double ratio() {
      return with / without;
    }
  }

  private final RecordingCost cost;
  private final EpochContender with;
  private final EpochContender without;
  private final int numRounds;
  private int epochsPerRound = 1;
  private final List<Round> rounds = new ArrayList<>();

  TracingContest(GraphDataset data, EpochSettings settings, TorchDevice device) {
    numRounds = settings.numRounds();
    try (EpochContender counted = EpochContender.of(EpochVariant.OVERLAP, data, settings, device)) {
      cost = RecordingCost.of(counted.trainer());
    }
    with = EpochContender.of(EpochVariant.OVERLAP, data, settings, device);
    System.setProperty(PROPERTY, "off");
    try {
      without = EpochContender.of(EpochVariant.OVERLAP, data, settings, device);
    } catch (Throwable t) {
      with.close();
      throw t;
    } finally {
      System.clearProperty(PROPERTY);
    }
  }

  void measure(Progress progress) {
    with.epoch();
    while (cpuSeconds(without) < MIN_SECONDS) {
      epochsPerRound *= 2;
    }
    Rounds.run("measure", numRounds, List.of(this), progress, (_, round) -> round(round % 2 == 0));
  }

  private void round(boolean withFirst) {
    double first = cpuSeconds(withFirst ? with : without);
    double second = cpuSeconds(withFirst ? without : with);
    rounds.add(withFirst ? new Round(first, second) : new Round(second, first));
  }

  private double cpuSeconds(EpochContender contender) {
    double begin = cpuSeconds();
    for (int i = 0; i < epochsPerRound; i++) {
      contender.epoch();
    }
    return cpuSeconds() - begin;
  }

  /** Of the process, all its threads, those of libtorch included. */
  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElseThrow()
        / 1e9;
  }

  private double ratio() {
    return Median.of(rounds.stream().mapToDouble(Round::ratio).toArray());
  }

  /** The ratio that a quarter of the rounds is below, and that which a quarter is above. */
  private double[] quartiles() {
    double[] sorted = rounds.stream().mapToDouble(Round::ratio).sorted().toArray();
    int quarter = sorted.length / 4;
    return new double[] {sorted[quarter], sorted[sorted.length - 1 - quarter]};
  }

  private double share() {
    double[] seconds = rounds.stream().mapToDouble(Round::without).toArray();
    return cost.share(Median.of(seconds) / epochsPerRound);
  }

  void print(Output output) {
    output.result("CPU seconds of %d epochs: with tracing, without, ratio", epochsPerRound);
    for (Round round : rounds) {
      output.result("%8.2f %8.2f %8.4f", round.with(), round.without(), round.ratio());
    }
    output.result(
        "median of the ratios %.4f, half of them from %.4f to %.4f",
        ratio(), quartiles()[0], quartiles()[1]);
    output.result(
        "%d changes of stage an epoch, %.0f ns of CPU each in a loop: %.3f %% of the epoch",
        cost.changes(), cost.nanosPerChange(), 100 * share());
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("epochs_per_round", epochsPerRound);
    json.put("with_cpu_seconds", rounds.stream().map(Round::with).toList());
    json.put("without_cpu_seconds", rounds.stream().map(Round::without).toList());
    json.put("median_ratio", ratio());
    json.put("quartiles", quartiles());
    json.put("changes_per_epoch", cost.changes());
    json.put("nanos_per_change", cost.nanosPerChange());
    json.put("estimated_share", share());
    return json;
  }

  @Override
  public void close() {
    with.close();
    without.close();
  }
}
