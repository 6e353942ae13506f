package io.millrace.sweeps.pipeline;

import java.util.Map;

/**
 * What is known of the last run of a step. Immutable.
 *
 * @param run counts the runs of the step
 * @param done whether it ended; an interrupted one did not
 * @param settings with which it ran
 * @param inputs the files that it read, by the input's path and their names in it
 * @param after the run of each step whose output it read
 * @param outputs the files that it wrote; empty until it is done
 */
record StepRecord(
    int run,
    boolean done,
    Map<String, String> settings,
    Map<String, Map<String, FileState>> inputs,
    Map<String, Integer> after,
    Map<String, FileState> outputs) {
  StepRecord ended(Map<String, FileState> written) {
    return new StepRecord(run, true, settings, inputs, after, written);
  }
}
