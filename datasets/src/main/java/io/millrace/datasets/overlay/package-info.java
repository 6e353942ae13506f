/**
 * A graph that changes while it is read: nodes and edges that are added to an open dataset. Begin
 * with {@link io.millrace.datasets.overlay.GraphOverlay}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>The dataset itself is never touched. A version holds the rows that differ from it, in a
 *       tree of which the next version shares all parts that it does not change. So a reader keeps
 *       its version as long as it wants, without a lock, and nothing has to be counted: a version
 *       that nobody holds is collected.
 *   <li>A changed row is kept as a whole, in the order of a CSR row, because the sampler draws
 *       positions of it. An added edge takes 4 bytes; the first one of a row also takes the row's
 *       old edges, 4 bytes each, and about 100 bytes. A commit copies the path to each changed row:
 *       at most 1.6 KB per row, which older versions need no more once they are collected.
 * </ul>
 */
package io.millrace.datasets.overlay;
