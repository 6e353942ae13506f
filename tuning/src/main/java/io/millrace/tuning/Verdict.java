package io.millrace.tuning;

import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What limits a training or an inference, and what would help.
 *
 * <p>Thresholds as in TensorFlow's profiler (its analysis of the input pipeline): from 20 % of the
 * time spent waiting for input it is highly input-bound, from 5 % moderately.
 *
 * @param share part of the time that the model waited for data, 0 to 1
 * @param limit what bounds the throughput: {@code sampling}, {@code slicing}, {@code number of
 *     slots}, {@code compute}, {@code copying}; empty if too little was measured
 * @param lever what can be changed, as a clause; empty if nothing that is there would help
 * @param gain throughput with the lever, as a multiple of now; 1 without one
 * @param room what the preparation could deliver, as a multiple of what the model took
 */
public record Verdict(
    Kind kind,
    double share,
    Optional<String> limit,
    Optional<String> lever,
    double gain,
    double room) {
  /** Batches below which nothing is said. */
  static final int MIN_BATCHES = 20;

  private static final double HIGHLY = .20;
  private static final double MODERATELY = .05;
  private static final double TIE = .10;

  /** The answer in one word. */
  public enum Kind {
    HIGHLY_INPUT_BOUND,
    MODERATELY_INPUT_BOUND,
    COMPUTE_BOUND,
    COPY_BOUND,
    /** Preparation and model are equally fast, within 10 %. */
    BALANCED,
    /** Too few batches. */
    UNKNOWN;

    /**
     * As JSON and the command show it: {@code input-bound (highly)} is {@code highly input-bound}.
     */
    public String label() {
      return switch (this) {
        case HIGHLY_INPUT_BOUND -> "highly input-bound";
        case MODERATELY_INPUT_BOUND -> "moderately input-bound";
        default -> name().toLowerCase(Locale.ROOT).replace('_', '-');
      };
    }
  }

  /** As {@link #of(PipelineMetrics, Stage, int)}, with the cores of this machine. */
  public static Verdict of(PipelineMetrics metrics, Stage stage) {
    return of(metrics, stage, Runtime.getRuntime().availableProcessors());
  }

  /**
   * The share is of the consumer's time in stages of the pipeline, so start-up and files that are
   * written afterwards do not dilute it.
   *
   * @param metrics of the training or inference alone, without warm-up
   * @param stage what the consumer does with a batch
   * @param cores that the process may use
   */
  public static Verdict of(PipelineMetrics metrics, Stage stage, int cores) {
    int workers = numWorkers(metrics);
    StageTotals used = metrics.total(stage);
    StageTotals sampled = metrics.total(Stage.SAMPLE);
    StageTotals sliced = metrics.total(Stage.SLICE);
    double waited = metrics.total(Stage.WAIT_FOR_DATA).wallNanos();
    double copied = metrics.total(Stage.COPY).wallNanos();
    double consumer = Math.max(1, waited + copied + used.wallNanos());
    double share = waited / consumer;
    if (used.count() < MIN_BATCHES || sampled.count() == 0) {
      return new Verdict(Kind.UNKNOWN, share, Optional.empty(), Optional.empty(), 1, 1);
    }
    double prepare = perBatch(sampled) + perBatch(sliced) + perBatch(metrics.total(Stage.PLAN));
    double compute = perBatch(used) + perBatch(metrics.total(Stage.COPY));
    double room = workers * compute / prepare;
    if (share >= MODERATELY) {
      return inputBound(metrics, share, prepare, compute, room, workers, cores);
    }
    Kind kind =
        copied / consumer >= HIGHLY
            ? Kind.COPY_BOUND
            : Math.abs(room - 1) <= TIE ? Kind.BALANCED : Kind.COMPUTE_BOUND;
    String limit = kind == Kind.COPY_BOUND ? "copying" : "compute";
    return new Verdict(kind, share, Optional.of(limit), Optional.empty(), 1, room);
  }

  /** Threads that have sampled. */
  private static int numWorkers(PipelineMetrics metrics) {
    return (int)
        metrics.tracks().values().stream()
            .filter(stages -> stages.getOrDefault(Stage.SAMPLE, StageTotals.NONE).count() > 0)
            .count();
  }

  /** Wall seconds for a batch; the stage's own completions, because workers may be ahead. */
  private static double perBatch(StageTotals totals) {
    return totals.count() == 0 ? 0 : totals.wallNanos() / 1e9 / totals.count();
  }

  private static Verdict inputBound(
      PipelineMetrics metrics,
      double share,
      double prepare,
      double compute,
      double room,
      int workers,
      int cores) {
    Kind kind = share >= HIGHLY ? Kind.HIGHLY_INPUT_BOUND : Kind.MODERATELY_INPUT_BOUND;
    StageTotals sampled = metrics.total(Stage.SAMPLE);
    StageTotals sliced = metrics.total(Stage.SLICE);
    String limit = sampled.wallNanos() >= sliced.wallNanos() ? "sampling" : "slicing";
    long cpu = sampled.cpuNanos() + sliced.cpuNanos();
    boolean waits = cpu < .7 * (sampled.wallNanos() + sliced.wallNanos());
    double freeCores = cores - metrics.processCpuNanos() / (double) metrics.wallNanos();
    boolean helps = waits || freeCores >= .5;
    if (idleShare(metrics) >= HIGHLY) { // workers and model wait for each other
      double rate = metrics.total(Stage.SAMPLE).count() * 1e9 / metrics.wallNanos();
      double gain = Math.max(1, Math.min(workers / prepare, 1 / compute) / rate);
      return new Verdict(
          kind, share, Optional.of("number of slots"), Optional.of("more slots"), gain, room);
    }
    double now = Math.min(workers / prepare, 1 / compute);
    double then = Math.min((workers + 1) / prepare, 1 / compute);
    Optional<String> lever =
        helps ? Optional.of((workers + 1) + " workers instead of " + workers) : Optional.empty();
    return new Verdict(kind, share, Optional.of(limit), lever, helps ? then / now : 1, room);
  }

  /** The share of their time that workers wait for a free slot, 0 to 1. */
  private static double idleShare(PipelineMetrics metrics) {
    double idle = metrics.total(Stage.WAIT_FOR_ROOM).wallNanos();
    double busy = 0;
    for (Stage stage : List.of(Stage.PLAN, Stage.SAMPLE, Stage.SLICE)) {
      busy += metrics.total(stage).wallNanos();
    }
    return idle / Math.max(1, idle + busy);
  }

  /** One line for people; empty if too little was measured. */
  public String text() {
    String percent = String.format(Locale.ROOT, "%.0f %%", 100 * share);
    return switch (kind) {
      case UNKNOWN -> "";
      case COMPUTE_BOUND ->
          String.format(
              Locale.ROOT,
              "compute-bound: data ready %.0f %% of the time; the input has %.1fx room",
              100 * (1 - share),
              room);
      case COPY_BOUND -> "copy-bound: copies to the device limit";
      case BALANCED -> "balanced: preparation and model are equally fast within 10 %";
      default ->
          String.format(
              Locale.ROOT,
              "input-bound %s (%s): %s limits; %s",
              percent,
              kind == Kind.HIGHLY_INPUT_BOUND ? "highly" : "moderately",
              limit.orElseThrow(),
              lever
                  .map(it -> String.format(Locale.ROOT, "%s: %.1fx", it, gain))
                  .orElse("no free core: fewer compute threads or a smaller fanout"));
    };
  }

  /** For JSON; {@code limit} and {@code lever} are null where there is none. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", kind.label());
    json.put("share", share);
    json.put("limit", limit.orElse(null));
    json.put("lever", lever.orElse(null));
    json.put("gain", gain);
    json.put("room", room);
    return json;
  }
}
