/**
 * Feature rows that are divided among ranks, of which each has the whole graph (after SALIENT++,
 * MLSys 2023).
 *
 * <p>Begin with {@link io.millrace.slicing.partition.PartitionedFeatures}. {@link
 * io.millrace.slicing.partition.Assignment} says which rank has which rows.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Batches do not depend on the partition.</b> Seeds are those of the global shuffle, so a
 *       training with parts gives the bits of one without, and every rank's batches ask for rows in
 *       the same proportions.
 *   <li><b>Rows that are far away go straight to their place in the slot</b>, after the worker has
 *       left the batch: how many batches wait at a time is the number of slots, not of workers.
 *   <li><b>A dataset that was cut is a dataset</b>: its parts have everything but the feature rows
 *       of other parts, so that training needs no second path, and the fingerprint of the whole, so
 *       that models and checkpoints fit both.
 *   <li><b>Who answers takes no slot</b>, and has threads of its own: otherwise two ranks whose
 *       slots all wait for each other's rows would wait for ever.
 * </ul>
 */
package io.millrace.slicing.partition;
