/**
 * A training that is shared by several ranks: which virtual nodes and batches a rank computes, and
 * how gradients, statistics and scores become those of one process, bit for bit.
 *
 * <p>Begin with {@link io.millrace.training.parallel.Ranks}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Gradients are sums with their counts, folded in order</b> (VirtualFlow, MLSys 2022,
 *       divides by the number of virtual nodes, which is wrong for unequal ones). A rank keeps the
 *       gradient of each of its virtual nodes apart, and {@link
 *       io.millrace.ranks.Collective#foldInOrder} adds them from the first to the last as one
 *       process does. Running statistics of batch normalisation travel with them.
 *   <li><b>Every rank has all of the state</b>: weights, moments, schedule, best weights, history.
 *       It is the same everywhere because all compute the same from the same sums; each epoch
 *       begins with a comparison.
 *   <li><b>Rank 0 alone reads and writes checkpoints</b>, and gives what it has read to the others,
 *       so ranks need no common file system.
 *   <li><b>Evaluations are shared out in turn</b>: in each round every rank computes a batch, and
 *       all see the results in the order of the batches.
 * </ul>
 */
package io.millrace.training.parallel;
