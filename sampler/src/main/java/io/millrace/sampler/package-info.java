/**
 * Sampling: from seeds to a {@link io.millrace.sampler.SampledBatch}, the sampled neighbourhood of
 * the seeds. Begin with {@link io.millrace.sampler.NeighborSampler}; {@link
 * io.millrace.sampler.EpochPlan} decides which seeds form which batch.
 *
 * <p>Nothing here starts a thread or allocates memory per batch. Decisions:
 *
 * <ul>
 *   <li><b>The destinations of a hop are all nodes found so far</b>, as in DGL and SALIENT; PyG
 *       samples only for the nodes that the last hop added. Each layer is therefore a bipartite
 *       graph of its own, and layer <i>l</i> computes exactly the rows that layer <i>l + 1</i>
 *       reads.
 *   <li><b>Draws are keyed by (hop, node)</b> instead of taken in sequence, see {@link
 *       io.millrace.sampler.draw.BatchRandom}. This costs one more multiply and mix per
 *       destination. It makes a batch independent of chunks, id map and order of visits, so the
 *       fast sampler is tested bit by bit against a reference of forty lines.
 *   <li><b>Edge positions are kept only if asked for</b>: the sampler has them anyway, and ids,
 *       weights, times and features of the drawn edges follow from them.
 *   <li><b>Nodes are not reordered for locality.</b> With nodes ordered by degree, by breadth-first
 *       search and at random, sampling and slicing of two graphs of 2 million nodes differed by at
 *       most 3 %, because the loops over chunks already hide the cache misses that locality would
 *       avoid.
 * </ul>
 */
package io.millrace.sampler;
