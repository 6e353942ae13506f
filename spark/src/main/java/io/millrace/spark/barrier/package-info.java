/**
 * Trainings on Spark: a barrier stage whose tasks are the ranks of a ring, one for a training and
 * one for each part of a sweep's.
 *
 * <p>The class to begin with is {@link io.millrace.spark.barrier.TrainingStage}. Decisions: Spark
 * schedules, retries and carries the addresses, once; gradients go from rank to rank directly,
 * because each of Spark's own gathers takes about a second. The model travels through a shuffle
 * behind the barrier stage, because Spark never tries a barrier stage again that is a job's last.
 */
package io.millrace.spark.barrier;
