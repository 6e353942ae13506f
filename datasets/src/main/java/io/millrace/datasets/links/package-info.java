/**
 * The links that link prediction learns and is judged by: which edges stay in the graph, which are
 * held out, and pairs of nodes without an edge.
 *
 * <p>Begin with {@link io.millrace.datasets.links.LinkSplit}, which makes a dataset directory with
 * held-out links; {@link io.millrace.datasets.links.HeldOutLinks} reads them.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A split is written once, as files</b>, so every model is judged on the same pairs.
 *   <li><b>The graph of a split has the training edges only</b>, also for the test: no model sees a
 *       held-out link as a message.
 *   <li><b>A link is a pair of nodes.</b> Parallel edges, and in an undirected graph both
 *       directions, go to the same part of the split. A self-loop is no link: it stays in the
 *       graph.
 * </ul>
 */
package io.millrace.datasets.links;
