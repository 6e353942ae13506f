/**
 * {@code bench epoch}: an epoch of GraphSAGE with one change at a time (serial, workers, pinned
 * slots, overlap) and where its time goes. Begin with {@link io.millrace.bench.epoch.EpochCommand};
 * {@code EpochVariant} lists the contenders.
 *
 * <p>On a GPU, time stamps on the compute stream measure the epoch: at each batch's request, its
 * arrival and its end. The host does not wait for them, so measuring does not slow the overlap
 * down. The stamps divide an epoch into idle, copying and computing, in every variant alike.
 *
 * <p>All variants use the same copy engine. With one device slot a batch is copied in its turn, and
 * from pageable memory where nothing is pinned.
 */
package io.millrace.bench.epoch;
