package io.millrace.sweeps.pipeline;

/** What a step does. */
@FunctionalInterface
public interface StepWork {
  /**
   * Makes the step's output, and returns when it is complete. Called by the thread of {@link
   * GraphPipeline#run}.
   *
   * @param datasets of this run; the work does not close what it opens there
   */
  void run(OpenDatasets datasets);
}
