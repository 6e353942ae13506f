/**
 * Many trainings on one graph, of which bad ones stop early. Begin with {@link
 * io.millrace.sweeps.GraphSweep}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A trial is a training with a checkpoint, as {@code train --save} leaves it: pausing it is
 *       closing its trainer, and nothing of a sweep is in memory that is not on disk.
 *   <li>The log is written before a decision has an effect, and after the checkpoint it is about.
 *       So a checkpoint may be an epoch ahead of the log, which is then reported, but never behind
 *       it.
 *   <li>The seed of a trial's weights is the sweep's plus its number; the seed of its batches is
 *       the sweep's, so that trials with the same fanout and batch size see the same batches.
 *   <li>Ranks that share a sweep do not each decide: rank 0 does, and the others train what it
 *       orders. So nothing but the trainings must agree, and the log is on rank 0 alone.
 *   <li>A trial of ranks is an {@link io.millrace.ranks.Attempt}: one whose loss diverges is usual
 *       in a sweep and must not end the collective.
 *   <li>Where trials are {@link io.millrace.sweeps.TrialJob}s, a job trains up to where its trial
 *       may leave, which the scheduler knows before. So it asks nobody while it trains, and only a
 *       trial, numbers and a folder travel.
 * </ul>
 */
package io.millrace.sweeps;
