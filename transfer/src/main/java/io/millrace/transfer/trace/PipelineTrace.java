package io.millrace.transfer.trace;

import io.millrace.Internal;
import io.millrace.Require;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records where the time of a pipeline goes. It is always on: a stage costs two readings of a
 * clock. A pipeline makes its own, or takes the caller's ({@code PipelineBuilder.trace}), to which
 * the caller may add the stages of its own thread.
 *
 * <p>{@link #metrics} gives sums per stage and thread; {@link #keepTimeline} keeps each span, too,
 * for a picture. With a recording of the JDK's Flight Recorder that enables {@code
 * io.millrace.Stage}, each span is an event. Thread-safe.
 */
public final class PipelineTrace {
  /** The name of the consumer's track. */
  public static final String CONSUMER = "consumer";

  private final long startNanos = System.nanoTime();
  private final long startCpuNanos = processCpuNanos();
  private final Map<String, Track> tracks = new LinkedHashMap<>();
  private final Track consumer = track(CONSUMER);
  private final InjectedCosts injected = InjectedCosts.ofProperty();

  /** For a measurement of what recording costs: {@code bench epoch --tracing}. */
  private final boolean records = !"off".equals(System.getProperty("millrace.trace"));

  private volatile Timeline timeline = new Timeline(0);

  /** The track of the thread that takes the batches. */
  @Internal
  public Track consumer() {
    return consumer;
  }

  /** The track of that name; it is made if there is none. */
  @Internal
  public Track track(String name) {
    synchronized (tracks) {
      return tracks.computeIfAbsent(name, _ -> new Track(name, this));
    }
  }

  /** A stage on all threads. */
  StageTotals total(Stage stage) {
    synchronized (tracks) {
      return tracks.values().stream()
          .map(track -> track.totals(stage))
          .reduce(StageTotals.NONE, StageTotals::plus);
    }
  }

  boolean records() {
    return records;
  }

  /** The sums since this trace was made; a stage under way is not in them. */
  public PipelineMetrics metrics() {
    Map<String, Map<Stage, StageTotals>> all = new LinkedHashMap<>();
    synchronized (tracks) {
      tracks.forEach((name, track) -> all.put(name, track.totals()));
    }
    return new PipelineMetrics(
        System.nanoTime() - startNanos, processCpuNanos() - startCpuNanos, all);
  }

  /**
   * Keeps each span from now on, some 100 bytes each, and forgets those kept before.
   *
   * @param maxSpans later ones are counted, not kept
   */
  public void keepTimeline(int maxSpans) {
    timeline = new Timeline(Require.positive("maxSpans", maxSpans));
  }

  /** The spans since {@link #keepTimeline}, in the order of their ends. */
  public List<Span> timeline() {
    return timeline.spans();
  }

  /** Spans that the timeline had no room for. */
  public long numSpansDropped() {
    return timeline.numDropped();
  }

  void ended(Track track, Stage stage, int batch, long beginNanos, long endNanos) {
    Timeline into = timeline;
    if (into.keeps()) {
      into.add(
          new Span(track.name(), stage, batch, beginNanos - startNanos, endNanos - beginNanos));
    }
  }

  InjectedCosts injected() {
    return injected;
  }

  private static long processCpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }
}
