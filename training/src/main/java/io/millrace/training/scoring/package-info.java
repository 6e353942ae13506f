/**
 * Predictions on demand: the classes of a few nodes, at once, from any thread. Begin with {@link
 * io.millrace.training.scoring.NodeScorer}, then {@code ScoringLane}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A request goes through the classes that a batch of the training goes through: sampler,
 *       slicer, slot, network. What is missing is the pipeline, because its threads, and its order,
 *       cost more than one small batch.
 *   <li>The draws of a sample are keyed by (seed, hop, node). With one seed for all requests, what
 *       is drawn for a node is the same alone and in company, so requests may share a batch, and
 *       answers may be kept.
 *   <li>The sampler uses a hash as its id map, whatever the graph's size: a request touches few
 *       nodes, and an array over all of them would miss the cache at each.
 * </ul>
 */
package io.millrace.training.scoring;
