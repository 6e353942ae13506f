package io.millrace.transfer;

import io.millrace.sampler.BatchPlan;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.KeptBatches;

/**
 * Gives the batches of a plan, in order and where the model computes: what training and inference
 * need of a pipeline.
 *
 * <p>{@link BatchPipeline} samples and slices on threads of this process. Another source may sample
 * on a GPU, or pass on batches that several consumers share. A batch is a function of (dataset,
 * fanout, seeds, batch seed), so all sources give the same batches for a plan.
 *
 * <p>One plan at a time: its stream is closed before the next one starts. Used by the consumer's
 * thread; closed by its creator.
 */
public interface BatchSource extends AutoCloseable {
  /** Starts a plan with the source's own fanout. */
  BatchStream start(BatchPlan plan);

  /** Starts a plan with a fanout of its own. */
  BatchStream start(BatchPlan plan, Fanout fanout);

  /**
   * Starts a plan that is the same each time.
   *
   * @param kept gives the batches that it has, and takes those that it has room for; the same for
   *     each start of the plan, and for no other plan
   */
  BatchStream start(BatchPlan plan, Fanout fanout, KeptBatches kept);

  /**
   * Starts the rest of a plan, with the source's own fanout.
   *
   * @param before the statistics of the part that is done, perhaps by another source: as many
   *     batches are skipped, and the statistics of the stream continue from there
   */
  BatchStream resume(BatchPlan plan, EpochStats before);

  /** Ends the plan under way. */
  @Override
  void close();
}
