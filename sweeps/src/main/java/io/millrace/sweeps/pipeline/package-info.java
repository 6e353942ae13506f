/**
 * Steps from tables to predictions in one process, of which a second run does only what changed.
 * Begin with {@link io.millrace.sweeps.pipeline.GraphPipeline}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Steps run one after the other. No edge can be sampled before all are sorted, and no node
 *       predicted before the training ends, so that little could overlap.
 *   <li>A file that a step reads is compared by size and time, and if these changed by its SHA-256:
 *       a copy with the same content changes nothing, and a large file is read once. A dataset's
 *       folder is compared by {@code dataset.yaml}, which has the checksums of its files.
 *   <li>A step that reads the output of another runs again when that one did, whatever it made: no
 *       output is read only to compare it.
 *   <li>The record is written before a step begins and after it ends or fails. An output that is
 *       not in the record, or was changed since, is never deleted. After a kill nobody knows what
 *       the step had written: all that stands in place of its output counts as that.
 * </ul>
 */
package io.millrace.sweeps.pipeline;
