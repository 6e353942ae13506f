/**
 * What an evaluation counts: accuracy, F1, ROC AUC, confusion matrix.
 *
 * <p>Begin with {@link io.millrace.training.metrics.Evaluation}, the figures, and {@link
 * io.millrace.training.metrics.Metric}, which selects one of them. Scores adds them up batch by
 * batch.
 *
 * <p><b>To add a metric</b>: compute it in {@code ClassScores} and {@code MultiLabelScores}, give
 * {@link io.millrace.training.metrics.Evaluation} a component and {@link
 * io.millrace.training.metrics.Metric} a constant and a place in its list. Every result, file and
 * page that has figures then has it under the constant's key. The values of the option {@code
 * --metric} are listed in {@code LearningOptions} of the command, and in {@code docs/command.md}.
 * An older checkpoint lacks the component: it is read as 0, or as null if it is an object, which
 * the constructor then has to replace.
 *
 * <p>Decision: <b>metrics that can be counted are always counted.</b> ROC AUC is exact and needs
 * the scores of a whole split, 8 bytes each. It and the confusion matrix are therefore computed in
 * evaluations only, not while training.
 *
 * <p>Decision: <b>a metric is open, and its values are read one by one.</b> A metric of a user's
 * own gives a meter, which sees each output row and what is right, whatever the task; nothing is
 * kept for it. Millrace's own are parts of {@link io.millrace.training.metrics.Evaluation}, so they
 * cost nothing more.
 */
package io.millrace.training.metrics;
