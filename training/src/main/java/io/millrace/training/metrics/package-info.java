/**
 * What an evaluation counts: accuracy, F1, ROC AUC, confusion matrix.
 *
 * <p>Begin with {@link io.millrace.training.metrics.Evaluation}, the figures, and {@link
 * io.millrace.training.metrics.Metric}, which selects one of them. Scores adds them up batch by
 * batch.
 *
 * <p>Decision: <b>metrics that can be counted are always counted.</b> ROC AUC is exact and needs
 * the scores of a whole split, 8 bytes each. It and the confusion matrix are therefore computed in
 * evaluations only, not while training.
 */
package io.millrace.training.metrics;
