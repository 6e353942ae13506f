/**
 * Link prediction: an embedding per node, and a decoder that makes a score of two of them, which
 * tells linked pairs from others. Begin with {@link io.millrace.training.link.LinkObjective}, which
 * a training is given.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The training is the same</b>: what differs are the seeds of a batch (the ends of links
 *       and of their negatives), its loss, and the evaluation. So checkpoints, schedules and
 *       virtual nodes work as with classes.
 *   <li><b>A term of the loss is a positive with its negatives</b>: {@code -log s(p)} plus the mean
 *       of {@code -log(1 - s(n))}, where s is the sigmoid of the score, or with in-batch negatives
 *       the cross-entropy over the destinations of the batch. So the number of negatives does not
 *       change how much they weigh.
 *   <li><b>The parameters of a decoder are the network's</b>, under names of their own: optimizer,
 *       ranks, checkpoints and files know nothing of it.
 *   <li><b>Scores of results are computed in float64 in Java</b>, not on the device: embeddings
 *       that are equal have equal scores on every machine.
 *   <li><b>Held-out pairs are evaluated by the embeddings of their nodes</b>, each computed once,
 *       by {@code evalFanout}: with all neighbours they are exact.
 * </ul>
 */
package io.millrace.training.link;
