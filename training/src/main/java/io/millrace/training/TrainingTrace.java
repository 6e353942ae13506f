package io.millrace.training;

import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.PipelineTrace;
import io.millrace.transfer.trace.Stage;

/**
 * Tells a training's {@link PipelineTrace} what the consumer does, and keeps the metrics of the
 * epochs apart from those of evaluations. The first batches of a training are not in them: the JIT
 * compiles, slots grow, and pages are read for the first time. Used by the trainer's thread.
 */
final class TrainingTrace {
  private final PipelineTrace trace = new PipelineTrace();
  private PipelineMetrics epochs = PipelineMetrics.NONE;
  private PipelineMetrics begin;
  private long numBatches;

  PipelineTrace trace() {
    return trace;
  }

  /** The figures of all epochs so far, without the warm-up. */
  PipelineMetrics epochs() {
    return epochs;
  }

  void beginEpoch() {
    begin = trace.metrics();
  }

  /** The step takes its batches, and waits for them, within {@code step}. */
  void compute(int number, int size, Runnable step) {
    within(Stage.COMPUTE, number, size, step);
    boolean warm = numBatches >= GraphTrainer.WARM_UP_BATCHES;
    numBatches += size;
    if (!warm && numBatches >= GraphTrainer.WARM_UP_BATCHES) {
      begin = trace.metrics();
    }
  }

  void evaluate(int number, Runnable batch) {
    within(Stage.EVALUATE, number, 1, batch);
  }

  private void within(Stage stage, int number, int numBatches, Runnable action) {
    Stage before = trace.consumer().enter(stage, number);
    try {
      action.run();
      for (int i = 0; i < numBatches; i++) {
        trace.consumer().completed(0, 0, 0);
      }
    } finally {
      trace.consumer().enter(before);
    }
  }

  /** Also called for an epoch that failed. */
  void endEpoch() {
    if (numBatches >= GraphTrainer.WARM_UP_BATCHES) {
      epochs = epochs.plus(trace.metrics().minus(begin));
    }
  }
}
