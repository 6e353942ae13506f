package io.millrace.sweeps.pipeline;

import java.util.Map;

/**
 * What is known of the last run of a step. Immutable.
 *
 * @param run counts the runs of the step
 * @param done whether it ended; an interrupted one did not
 * @param failed whether it ended with an error, and left {@code outputs}; what a killed one has
 *     left is not known
 * @param settings with which it ran
 * @param inputs the files that it read, by the input's name in the record and their names in it
 * @param after the run of each step whose output it read
 * @param outputs the files that it wrote; empty while it runs
 */
record StepRecord(
    int run,
    boolean done,
    boolean failed,
    Map<String, String> settings,
    Map<String, Map<String, FileState>> inputs,
    Map<String, Integer> after,
    Map<String, FileState> outputs) {
  StepRecord ended(Map<String, FileState> written) {
    return new StepRecord(run, true, false, settings, inputs, after, written);
  }

  StepRecord failed(Map<String, FileState> left) {
    return new StepRecord(run, false, true, settings, inputs, after, left);
  }
}
