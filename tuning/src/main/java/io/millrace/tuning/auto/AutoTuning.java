package io.millrace.tuning.auto;

import io.millrace.training.BatchProgress;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.transfer.PipelineSize;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.PipelineTrace;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import java.util.List;
import java.util.function.Consumer;

/**
 * Adjusts workers and slots of a trainer while it trains: a listener for {@link GraphTrainer#fit}
 * or {@link GraphTrainer#epoch}. Batches do not change. Evaluations, and the first batches of a
 * training, are not measured. Used by the trainer's thread.
 *
 * <p>Next class to read: {@link Decision}.
 */
public final class AutoTuning implements TrainingListener {
  /** The metrics are read that often; a window has several such parts. */
  private static final long PART_NANOS = 500_000_000;

  private final PipelineTrace trace;
  private final PipelineSize pipeline;
  private final AutoController controller;
  private final Consumer<Decision> onDecision;
  private int numReported;
  private int warmUp = GraphTrainer.WARM_UP_BATCHES;

  /** When the part began. */
  private PipelineMetrics begin = PipelineMetrics.NONE;

  private long beginNanos;
  private boolean measuring;

  private AutoTuning(
      PipelineTrace trace,
      PipelineSize pipeline,
      Limits limits,
      Hysteresis hysteresis,
      Consumer<Decision> onDecision) {
    this.trace = trace;
    this.pipeline = pipeline;
    this.onDecision = onDecision;
    Size start = new Size(pipeline.numWorkers(), pipeline.numSlots());
    controller = new AutoController(start, limits, hysteresis);
  }

  /**
   * @param trainer which the listener is passed to; its present size is the smallest
   * @param onDecision called for each change that was tried, for instance to print {@link
   *     Decision#text}
   */
  public static AutoTuning of(GraphTrainer trainer, Limits limits, Consumer<Decision> onDecision) {
    return new AutoTuning(
        trainer.trace(), trainer.pipelineSize(), limits, Hysteresis.STANDARD, onDecision);
  }

  /** The best size so far: a change that is being tried is not in it. */
  public Size size() {
    return controller.settled();
  }

  /** All changes that were tried so far, in order. */
  public List<Decision> decisions() {
    return controller.decisions();
  }

  @Override
  public void batchDone(BatchProgress progress) {
    if (warmUp > 0) {
      warmUp--;
      return;
    }
    boolean last = progress.batch() == progress.numBatches() - 1;
    if (!measuring) {
      measuring = !last;
      if (measuring) {
        beginPart(trace.metrics());
      }
      return;
    }
    if (last || System.nanoTime() - beginNanos >= PART_NANOS) {
      PipelineMetrics now = trace.metrics();
      controller.add(load(now.minus(begin))).ifPresent(this::resize);
      report();
      beginPart(now);
      measuring = !last; // what comes before the next batch is an evaluation
    }
  }

  private void beginPart(PipelineMetrics now) {
    begin = now;
    beginNanos = System.nanoTime();
  }

  private Load load(PipelineMetrics part) {
    StageTotals sliced = part.total(Stage.SLICE);
    long busyNanos =
        sliced.wallNanos()
            + part.total(Stage.SAMPLE).wallNanos()
            + part.total(Stage.PLAN).wallNanos();
    // features, and two numbers of 4 bytes for each edge and node
    double bytes = sliced.bytes() + 8.0 * (sliced.edges() + sliced.nodes());
    return new Load(
        part.wallNanos() / 1e9,
        part.total(Stage.COMPUTE).count(),
        part.total(Stage.WAIT_FOR_DATA).wallNanos() / 1e9,
        busyNanos / 1e9,
        bytes / Math.max(1, sliced.count()));
  }

  private void resize(Size size) {
    pipeline.resize(size.workers(), size.slots());
  }

  private void report() {
    List<Decision> all = controller.decisions();
    all.subList(numReported, all.size()).forEach(onDecision);
    numReported = all.size();
  }
}
