package io.millrace.training;

import io.millrace.training.metrics.Evaluation;

/**
 * An epoch of {@link GraphTrainer#fit}.
 *
 * @param valid on the validation nodes, after it
 */
record FinishedEpoch(EpochReport report, Evaluation valid) {}
