package io.millrace.training;

import io.millrace.training.metrics.Evaluation;

/**
 * Receives the progress of a training, on its thread; an exception thrown here ends the training.
 */
public interface TrainingListener {
  /** Does nothing. */
  TrainingListener NONE = new TrainingListener() {};

  default void batchDone(BatchProgress progress) {}

  /**
   * @param valid on the validation nodes, after the epoch
   */
  default void epochDone(EpochReport report, Evaluation valid) {}

  /** Tells this one, then the other. */
  default TrainingListener and(TrainingListener other) {
    TrainingListener first = this;
    return new TrainingListener() {
      @Override
      public void batchDone(BatchProgress progress) {
        first.batchDone(progress);
        other.batchDone(progress);
      }

      @Override
      public void epochDone(EpochReport report, Evaluation valid) {
        first.epochDone(report, valid);
        other.epochDone(report, valid);
      }
    };
  }
}
