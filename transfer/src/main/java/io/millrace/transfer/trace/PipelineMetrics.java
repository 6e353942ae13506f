package io.millrace.transfer.trace;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the threads of a pipeline have done up to a moment, or between two. Immutable.
 *
 * @param wallNanos time that it covers, in nanoseconds
 * @param processCpuNanos CPU time of the whole process in that time, with a resolution of 10 ms on
 *     Linux
 * @param tracks per thread ({@code worker 0}, ..., {@code consumer}) what each stage has done
 */
public record PipelineMetrics(
    long wallNanos, long processCpuNanos, Map<String, Map<Stage, StageTotals>> tracks) {
  /** Of no time at all. */
  public static final PipelineMetrics NONE = new PipelineMetrics(0, 0, Map.of());

  /** A stage on all threads. */
  public StageTotals total(Stage stage) {
    return tracks.values().stream()
        .map(track -> track.getOrDefault(stage, StageTotals.NONE))
        .reduce(StageTotals.NONE, StageTotals::plus);
  }

  /**
   * CPU time of the process that no track has: libtorch's threads, the garbage collector and the
   * compiler; never negative.
   */
  public long otherCpuNanos() {
    long traced = 0;
    for (Stage stage : Stage.values()) {
      traced += total(stage).cpuNanos();
    }
    return Math.max(0, processCpuNanos - traced);
  }

  /** The share of the time that the consumer waited for data, 0 to 1; 0 for no time at all. */
  public double waitShare() {
    return wallNanos == 0 ? 0 : (double) total(Stage.WAIT_FOR_DATA).wallNanos() / wallNanos;
  }

  /** Batches that the consumer has trained on or predicted, per second; 0 for no time at all. */
  public double batchesPerSecond() {
    long batches = total(Stage.COMPUTE).count() + total(Stage.EVALUATE).count();
    return wallNanos == 0 ? 0 : batches * 1e9 / wallNanos;
  }

  /** What was added since {@code earlier}, a snapshot of the same trace. */
  public PipelineMetrics minus(PipelineMetrics earlier) {
    return combine(earlier, -1);
  }

  /** Both times together. */
  public PipelineMetrics plus(PipelineMetrics other) {
    return combine(other, 1);
  }

  private PipelineMetrics combine(PipelineMetrics other, int sign) {
    Map<String, Map<Stage, StageTotals>> sum = new LinkedHashMap<>();
    tracks.forEach((name, stages) -> sum.put(name, new EnumMap<>(stages)));
    other.tracks.forEach(
        (name, stages) -> {
          Map<Stage, StageTotals> into = sum.computeIfAbsent(name, _ -> new EnumMap<>(Stage.class));
          stages.forEach(
              (stage, totals) -> {
                StageTotals here = into.getOrDefault(stage, StageTotals.NONE);
                into.put(stage, sign > 0 ? here.plus(totals) : here.minus(totals));
              });
        });
    return new PipelineMetrics(
        wallNanos + sign * other.wallNanos, processCpuNanos + sign * other.processCpuNanos, sum);
  }
}
