package io.millrace.sweeps.pipeline;

/**
 * What became of a step. Immutable.
 *
 * @param checkSeconds that its inputs and output were compared with the record
 * @param seconds of its work, 0 if it did not run
 */
public record StepReport(StepPlan plan, double checkSeconds, double seconds) {}
