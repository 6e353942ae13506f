package io.millrace.training;

/**
 * An epoch of {@link GraphTrainer#fit}.
 *
 * @param valid on the validation nodes, after it
 */
record FinishedEpoch(EpochReport report, Evaluation valid) {}
