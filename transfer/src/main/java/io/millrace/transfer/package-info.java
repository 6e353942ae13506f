/**
 * The pipeline: workers prepare batches ahead of the consumer, and a copy engine delivers them
 * where the model computes. Begin with {@link io.millrace.transfer.BatchPipeline}. All threads of
 * the modules up to this one are started here.
 *
 * <p>{@link io.millrace.transfer.BatchSource} and {@link io.millrace.transfer.BatchStream} are what
 * training and inference see of it. Decisions:
 *
 * <ul>
 *   <li><b>Slots are the only bound.</b> Each claimed batch holds a slot, so queues never overflow,
 *       and a worker takes its slot before it claims a number, so the pipeline cannot deadlock.
 *   <li><b>A batch is a function of its number</b>, so it does not matter which worker prepares it.
 *       {@code OrderedRing} restores the order.
 *   <li><b>Three events per copy.</b> A device slot has one event per direction. The slot on the
 *       host has a third one, because the host may run ahead of the GPU and refill a device slot,
 *       in stream order, before it has noticed that the slot's last copy is done.
 *   <li><b>The host never waits for the GPU</b> between two batches; see {@code CopyEngine} for the
 *       exceptions.
 *   <li><b>A failure is rethrown at the batch that failed</b>, with stage, epoch and number, after
 *       the batches before it have been delivered.
 *   <li><b>The GPU path is tested without a GPU</b>, see package {@code io.millrace.cuda}.
 * </ul>
 */
package io.millrace.transfer;
