package io.millrace.tuning;

import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import io.millrace.tuning.model.PipelineModel;
import io.millrace.tuning.model.Resources;
import io.millrace.tuning.model.Setting;
import java.util.LinkedHashMap;
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
 * @param limit what bounds the throughput: {@code sampling} or {@code slicing} where one more
 *     worker would help, {@code number of slots}, {@code cores}, {@code disk}, {@code compute},
 *     {@code copying}; empty if too little was measured
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

  /** The run's own number, whatever it is: it does not change. */
  private static final int COMPUTE_THREADS = 1;

  private static final double HIGHLY = .20;
  private static final double MODERATELY = .05;
  private static final double TIE = .10;

  /** A lever that gains less is none. */
  private static final double WORTH_IT = 1.05;

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

  /** As {@link #of(PipelineMetrics, Stage, Resources)}, with the cores of this machine. */
  public static Verdict of(PipelineMetrics metrics, Stage stage) {
    return of(metrics, stage, Resources.ofMachine());
  }

  /**
   * The share is of the consumer's time in stages of the pipeline, so start-up and files that are
   * written afterwards do not dilute it.
   *
   * @param metrics of the training or inference alone, without warm-up
   * @param stage what the consumer does with a batch
   * @param resources that the process may use; a disk limits only if its rate is known
   */
  public static Verdict of(PipelineMetrics metrics, Stage stage, Resources resources) {
    StageCosts costs = new StageCosts(metrics, stage);
    double used = metrics.total(stage).wallNanos();
    double waited = metrics.total(Stage.WAIT_FOR_DATA).wallNanos();
    double copied = metrics.total(Stage.COPY).wallNanos();
    double consumer = Math.max(1, waited + copied + used);
    double share = waited / consumer;
    if (metrics.total(stage).count() < MIN_BATCHES || costs.workers() == 0) {
      return new Verdict(Kind.UNKNOWN, share, Optional.empty(), Optional.empty(), 1, 1);
    }
    double room = costs.workers() * costs.compute() / costs.prepare();
    if (share >= MODERATELY) {
      return inputBound(costs, share, room, resources);
    }
    Kind kind =
        copied / consumer >= HIGHLY
            ? Kind.COPY_BOUND
            : Math.abs(room - 1) <= TIE ? Kind.BALANCED : Kind.COMPUTE_BOUND;
    String limit = kind == Kind.COPY_BOUND ? "copying" : "compute";
    return new Verdict(kind, share, Optional.of(limit), Optional.empty(), 1, room);
  }

  /** A lever must pay in the model; if none does, the resource that prevents it is the limit. */
  private static Verdict inputBound(
      StageCosts costs, double share, double room, Resources resources) {
    Kind kind = share >= HIGHLY ? Kind.HIGHLY_INPUT_BOUND : Kind.MODERATELY_INPUT_BOUND;
    PipelineModel model = new PipelineModel(costs.observed(COMPUTE_THREADS), resources);
    int workers = costs.workers();
    double now = model.batchesPerSecond(withWorkers(workers));
    double withSlots = now / costs.batchesPerSecond();
    if (costs.waitForRoom() >= HIGHLY && withSlots >= WORTH_IT) { // both sides wait for each other
      return new Verdict(
          kind, share, Optional.of("number of slots"), Optional.of("more slots"), withSlots, room);
    }
    double gain = model.batchesPerSecond(withWorkers(workers + 1)) / now;
    if (gain >= WORTH_IT) {
      String lever = (workers + 1) + " workers instead of " + workers;
      return new Verdict(
          kind, share, Optional.of(costs.longerStage()), Optional.of(lever), gain, room);
    }
    String binding = model.binding(withWorkers(workers + 1)).resource();
    boolean shared = binding.equals("cores") || binding.equals("disk");
    String limit = shared ? binding : costs.longerStage();
    return new Verdict(kind, share, Optional.of(limit), Optional.empty(), 1, room);
  }

  /** With as many slots as they can use, because what they lack is seen in their waiting. */
  private static Setting withWorkers(int number) {
    return new Setting(number, COMPUTE_THREADS, Integer.MAX_VALUE);
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
              "input-bound %s (%s): %s; %s",
              percent,
              kind == Kind.HIGHLY_INPUT_BOUND ? "highly" : "moderately",
              limit.get().equals("cores") ? "cores limit" : limit.get() + " limits",
              lever
                  .map(it -> String.format(Locale.ROOT, "%s: %.1fx", it, gain))
                  .orElseGet(this::withoutLever));
    };
  }

  private String withoutLever() {
    return switch (limit.get()) {
      case "cores" -> "no free core: fewer compute threads or a smaller fanout";
      case "disk" -> "it has to read less: more rows in memory, or a smaller fanout";
      default -> "one more worker would gain less than 5 %";
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
