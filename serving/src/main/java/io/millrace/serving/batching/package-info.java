/**
 * Batches that grow as far as an objective allows (Crankshaw et al., "Clipper", NSDI 2017). Begin
 * with {@link io.millrace.serving.batching.BatchQueue}, which decides, then {@code Batcher}, which
 * has the thread.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>What decides knows no clock and no thread: the time is an argument. So the tests run
 *       minutes of traffic in milliseconds, always in the same order.
 *   <li>The limit of a batch follows the time that computing it took, never the wait in the queue:
 *       a limit that falls because of the queue lets the queue grow.
 *   <li>A request that cannot be answered in time is refused when it arrives. The estimate of its
 *       wait comes from a line through the latest batches, time over size, because the mean rate of
 *       small batches says nothing about large ones.
 * </ul>
 */
package io.millrace.serving.batching;
