/**
 * What an evaluation counts: accuracy, F1, ROC AUC, confusion matrix.
 *
 * <p>Begin with {@link io.millrace.training.metrics.Evaluation}, the figures, and {@link
 * io.millrace.training.metrics.Metric}, which selects one of them. Scores adds them up batch by
 * batch.
 *
 * <p><b>To add a metric</b>: compute it in {@code ClassScores} and {@code MultiLabelScores}, give
 * {@link io.millrace.training.metrics.Evaluation} a component and {@link
 * io.millrace.training.metrics.Metric} a constant. In the command, {@code Format.metric} has its
 * name for readers, {@code LearningOptions} lists the values of {@code --metric}, and three JSON
 * results write their figures one by one: {@code EpochRecord.metrics} of {@code train}, {@code
 * InferResult.json} of {@code infer}, and {@code Manifest.figures} of the package {@code
 * inference}. {@code docs/command.md} lists the values, too.
 *
 * <p>Decision: <b>metrics that can be counted are always counted.</b> ROC AUC is exact and needs
 * the scores of a whole split, 8 bytes each. It and the confusion matrix are therefore computed in
 * evaluations only, not while training.
 */
package io.millrace.training.metrics;
