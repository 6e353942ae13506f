/**
 * How edges are drawn from a row, and from which random numbers. Begin with {@link
 * io.millrace.sampler.draw.Draw}, which says what there is; {@code RowDraw} is how it is done.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A way to draw is a value</b>, {@link io.millrace.sampler.draw.Draw}. Its kernel, with
 *       the scratch of one thread, is {@code RowDraw}.
 *   <li><b>What is drawn are ranks in the row</b>, not neighbours, so parallel edges are distinct,
 *       and nothing is drawn twice without replacement. A row of which nothing can be drawn gives
 *       no edge.
 *   <li><b>Random numbers have purposes.</b> Below the seed of a batch ({@link
 *       io.millrace.sampler.draw.BatchRandom}) lie the keys of hops, 1, 2, 3, ..., and below each
 *       of them the keys of nodes. Floyd's draws and draws with replacement count by draw; draws by
 *       the smallest keys count by rank in the whole row. Draws by an alias table take part -1 of
 *       the node's key, the gaps between their keys part -2; LABOR's hops lie below part -2 of the
 *       batch's seed and count by source. So no two purposes share a number, and a new purpose
 *       takes another negative part.
 *   <li><b>One kernel for the smallest keys.</b> Weighted draws and LABOR differ only in the key of
 *       an edge. The kernel reads a row once and needs no table. For weights, rows that are much
 *       longer than the fanout have alias tables, because reading a hub for ten edges takes longer
 *       than the rest of a batch.
 *   <li><b>Excluded edges are left out before the draw</b>, so a row still gives as many edges as
 *       the fanout, if it has them.
 * </ul>
 */
package io.millrace.sampler.draw;
