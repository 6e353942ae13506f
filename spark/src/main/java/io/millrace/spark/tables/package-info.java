/**
 * Tables become a graph: one shuffle by Spark, pieces by its tasks, joined to a dataset directory.
 *
 * <p>The class to begin with is {@link io.millrace.spark.tables.TableBuild}. Decisions: Spark's own
 * sort is used, by ranges of (destination, source) and then the position in the input, because it
 * spills to disk, works on binary rows and needs no code of Millrace; positions make the result
 * independent of partitions, and byte-identical to an import of the same rows. Nothing but counts,
 * and the names of classes, comes to the driver.
 */
package io.millrace.spark.tables;
