/**
 * Links as the seeds of batches, for link prediction. Begin with {@link
 * io.millrace.sampler.link.LinkPlan}, which makes the batches; {@link
 * io.millrace.sampler.link.LinkSeeds} is one of them.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A batch never sees the links that it predicts.</b> They are left out of their rows
 *       before anything is drawn, in every hop, with their parallel edges and, unless it is
 *       switched off, their reverses. So a row still gives as many edges as the fanout, if it has
 *       them.
 *   <li><b>A negative is never a true edge</b>, unless {@link io.millrace.sampler.link.Negatives}
 *       are lenient. What counts are the edges of the training graph: to leave out the held-out
 *       links, too, would tell the model where they are.
 *   <li><b>Negatives are keyed</b> below part -1 of the batch's seed by the positive's index, and
 *       count by {@code 64 * q + try} for its q-th one. So they depend on nothing else.
 *   <li><b>Endpoints are ordinary seeds</b>: sources, destinations, then negatives. One that occurs
 *       twice has one local id, as with all seeds.
 * </ul>
 */
package io.millrace.sampler.link;
