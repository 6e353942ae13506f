/**
 * Parameters that ranks share without waiting for the slowest in every step (stale synchronous
 * parallel, Ho and others, NIPS 2013).
 *
 * <p>Begin with {@link io.millrace.ranks.params.ParamStore}; {@link
 * io.millrace.ranks.params.KeyValueStore} has named values on top of it.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>There is no server.</b> What the ranks push in the iterations of one clock is one fold
 *       of the collective, and folds are done in their order by a thread of their own, while the
 *       ranks compute. Each rank applies the same sums in the same order, so all ranks have the
 *       same versions, and whatever a collective does about dead ranks, damage and encryption holds
 *       here, too.
 *   <li><b>A read is pinned unless it is asked to be fresh</b>: it sees exactly the version that
 *       the bound permits, also where a newer one is there. The result then depends on the bound
 *       alone, not on time, and with the bound 0 it is that of waiting in every step.
 *   <li><b>The lead counts when an iteration begins</b>: a rank may begin iteration {@code c} once
 *       all have ended {@code c - s - 1}. Counted after the iteration, it is up to {@code s + 1}.
 * </ul>
 */
package io.millrace.ranks.params;
