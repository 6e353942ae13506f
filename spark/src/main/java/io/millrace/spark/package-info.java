/**
 * Millrace on Apache Spark: tables in, a trained model and predictions out.
 *
 * <p>Begin with {@link io.millrace.spark.MillraceClassifier}. Decisions:
 *
 * <ul>
 *   <li><b>Spark schedules, retries and shuffles</b>; nothing of that is done again here. Building
 *       a graph is one shuffle, training one barrier stage, scoring a stage a pass.
 *   <li><b>Graph, checkpoint and scores lie in directories that all executors see</b>, in the
 *       formats of the command, so either can go on where the other stopped.
 *   <li><b>Estimator and model are Spark's</b>: parameters, pipelines, cross-validation and saving
 *       work as those of its own.
 * </ul>
 */
package io.millrace.spark;
