package io.millrace.tuning;

import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import io.millrace.tuning.model.Costs;
import io.millrace.tuning.model.Costs.Compute;
import java.util.List;
import java.util.Map;

/**
 * What a batch has cost in a run, in seconds. Each stage is divided by its own completions, because
 * workers may be ahead.
 *
 * @param metrics of the run, without its first batches
 * @param used what the consumer does with a batch
 */
record StageCosts(PipelineMetrics metrics, Stage used) {
  private static final List<Stage> PREPARATION = List.of(Stage.PLAN, Stage.SAMPLE, Stage.SLICE);

  private interface Nanos {
    long of(StageTotals totals);
  }

  private double perBatch(Stage stage, Nanos nanos) {
    StageTotals totals = metrics.total(stage);
    return totals.count() == 0 ? 0 : nanos.of(totals) / 1e9 / totals.count();
  }

  /** Wall seconds of planning, sampling and slicing a batch. */
  double prepare() {
    return PREPARATION.stream().mapToDouble(it -> perBatch(it, StageTotals::wallNanos)).sum();
  }

  /** CPU seconds of the same. */
  double prepareCpu() {
    return PREPARATION.stream().mapToDouble(it -> perBatch(it, StageTotals::cpuNanos)).sum();
  }

  /** Wall seconds in which the consumer is busy with a batch. */
  double compute() {
    return perBatch(used, StageTotals::wallNanos) + perBatch(Stage.COPY, StageTotals::wallNanos);
  }

  /** CPU seconds of the same, on all of libtorch's threads. */
  double computeCpu() {
    StageTotals totals = metrics.total(used);
    long nanos = metrics.total(Stage.COPY).cpuNanos() + metrics.otherCpuNanos();
    return (totals.cpuNanos() + nanos) / 1e9 / Math.max(1, totals.count());
  }

  /** While the consumer takes batches: files that it writes in between do not count. */
  double batchesPerSecond() {
    long nanos =
        metrics.total(used).wallNanos()
            + metrics.total(Stage.COPY).wallNanos()
            + metrics.total(Stage.WAIT_FOR_DATA).wallNanos();
    return metrics.total(used).count() * 1e9 / Math.max(1, nanos);
  }

  /** Feature bytes of a batch. */
  double featureBytes() {
    return (double) metrics.total(Stage.SLICE).bytes() / numSliced();
  }

  /** Features, and two numbers of 4 bytes for each edge and node. */
  double slotBytes() {
    StageTotals sliced = metrics.total(Stage.SLICE);
    return featureBytes() + 8.0 * (sliced.edges() + sliced.nodes()) / numSliced();
  }

  private long numSliced() {
    return Math.max(1, metrics.total(Stage.SLICE).count());
  }

  /** Threads that have sampled. */
  int workers() {
    return (int)
        metrics.tracks().values().stream()
            .filter(stages -> stages.getOrDefault(Stage.SAMPLE, StageTotals.NONE).count() > 0)
            .count();
  }

  /** Workers that were busy, on average. */
  double busyWorkers() {
    return preparing() / Math.max(1, metrics.wallNanos());
  }

  /** The share of their time that workers waited for a free slot, 0 to 1. */
  double waitForRoom() {
    double waited = metrics.total(Stage.WAIT_FOR_ROOM).wallNanos();
    return waited / Math.max(1, waited + preparing());
  }

  private double preparing() {
    return PREPARATION.stream().mapToDouble(it -> metrics.total(it).wallNanos()).sum();
  }

  /** {@code sampling} or {@code slicing}. */
  String longerStage() {
    boolean samples =
        metrics.total(Stage.SAMPLE).wallNanos() >= metrics.total(Stage.SLICE).wallNanos();
    return samples ? "sampling" : "slicing";
  }

  /** As they were in this run, where both sides shared the cores; for any number of threads. */
  Costs observed(int computeThreads) {
    Compute compute = new Compute(computeCpu(), compute(), compute(), prepare(), 0);
    return new Costs(
        prepareCpu(), prepare(), featureBytes(), slotBytes(), 1, Map.of(computeThreads, compute));
  }
}
