/**
 * An inference on Spark: a stage for each pass, whose tasks are the shards of the inference, and a
 * last one that writes the results.
 *
 * <p>The class to begin with is {@link io.millrace.spark.scoring.ScoringStages}. Decisions: the
 * rows of a pass lie in a folder that all executors see, and a range counts when its checksum is
 * renamed into place, as in {@code millrace infer}; so a killed task, a stage that Spark tries
 * again and a speculative copy all end with the same bytes.
 */
package io.millrace.spark.scoring;
