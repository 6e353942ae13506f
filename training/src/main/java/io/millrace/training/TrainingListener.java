package io.millrace.training;

/** Is told how training goes, on the thread that trains; what it throws ends the training. */
public interface TrainingListener {
  /** Does nothing. */
  TrainingListener NONE = new TrainingListener() {};

  default void batchDone(BatchProgress progress) {}

  /**
   * @param valid on the validation nodes, after the epoch
   */
  default void epochDone(EpochReport report, Evaluation valid) {}
}
