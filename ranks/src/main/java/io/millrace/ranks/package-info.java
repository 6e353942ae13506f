/**
 * What the processes of one training do together: ordered sums, gathers and broadcasts.
 *
 * <p>Begin with {@link io.millrace.ranks.Collective}. It knows nothing of models or datasets: it
 * moves memory. {@link io.millrace.ranks.InProcessCollective} has threads for ranks, {@link
 * io.millrace.ranks.ring} processes.
 *
 * <p>Decision: <b>a failure ends a collective for good</b>, because a rank that waits cannot tell
 * what the failed one would have called next. Work that ranks may give up and go on is an {@link
 * io.millrace.ranks.Attempt}, which asks all of them before each operation.
 *
 * <p>Decision: <b>sums are folded in order, not reduced over a ring</b>. A sum of float32 depends
 * on the order of its terms, and the order of an all-reduce over a ring depends on the number of
 * ranks. The parts here are those of virtual nodes, added one by one from the first to the last, so
 * every number of ranks computes the same bits. The price is memory for the parts of a rank, not
 * traffic.
 */
package io.millrace.ranks;
