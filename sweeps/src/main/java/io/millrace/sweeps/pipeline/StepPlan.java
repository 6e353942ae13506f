package io.millrace.sweeps.pipeline;

/**
 * Whether a step runs. Immutable.
 *
 * @param runs whether it runs, or its output is kept
 * @param reason why it runs, in words; empty if it does not
 */
public record StepPlan(PipelineStep step, boolean runs, String reason) {
  static StepPlan kept(PipelineStep step) {
    return new StepPlan(step, false, "");
  }

  static StepPlan because(PipelineStep step, String reason) {
    return new StepPlan(step, true, reason);
  }
}
