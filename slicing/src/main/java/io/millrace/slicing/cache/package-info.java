/**
 * A cache of feature rows in memory, for features that are mapped from disk. Begin with {@link
 * io.millrace.slicing.cache.CachedFeatures}; {@link io.millrace.slicing.cache.CachePlan} chooses
 * the rows.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The rows are chosen before the training and stay.</b> Which rows a training reads
 *       follows from graph, training nodes and fanout, so a cache that learns from its misses would
 *       need locks and gain little.
 *   <li><b>Rows are kept in their stored type</b>: float16 rows are widened when they are gathered,
 *       so that a cache holds twice as many.
 *   <li><b>The index is a bitmap with counts</b>, 1.5 bits per node of the graph. The rows are in
 *       the order of their nodes, so a node's row is the number of cached nodes before it.
 * </ul>
 */
package io.millrace.slicing.cache;
