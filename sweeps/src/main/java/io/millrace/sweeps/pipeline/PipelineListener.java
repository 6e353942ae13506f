package io.millrace.sweeps.pipeline;

/** Hears of the steps of a pipeline, from the thread that runs it. */
public interface PipelineListener {
  /** Hears nothing. */
  PipelineListener NONE = new PipelineListener() {};

  /** A step runs next, or is kept as it is. */
  default void planned(StepPlan plan) {}

  /** A step that ran has ended. */
  default void ended(StepReport report) {}
}
