/**
 * Prediction for all nodes of a graph, or for some, in bounded memory, from file to file. Begin
 * with {@link io.millrace.training.inference.GraphInference}, then {@code InferenceRun} and {@code
 * PassRun}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Exact inference computes one layer at a time, for every node once. The output of a layer is
 *       a file that the next layer reads. A pass is the training pipeline with other inputs: its
 *       plan is chunks of consecutive nodes, its fanout is all neighbours of one hop, its features
 *       are the file of the pass before. Every model that can be trained works.
 *   <li>Progress is recorded range by range. The rows of a range go to their place in the one file
 *       of the pass, then a small file with their CRC-32C is written and renamed. After a restart a
 *       range counts as done if its rows have that checksum. This holds for the ranges of other
 *       processes too, so no forced writes are needed on the way. Results are written in the work
 *       folder, forced to disk and renamed, the manifest last; the work folder is deleted before
 *       the locks are released.
 *   <li>A shard is claimed by a file lock, which the system releases when the process ends. A
 *       process that needs rows of an unclaimed shard computes them itself, so a crashed peer
 *       cannot block the others, and shards can run one after the other.
 *   <li>Repeated samples are averaged as logits, and so are embeddings. The probabilities in the
 *       files are the softmax of the averages, or the sigmoid where a node can have several labels.
 * </ul>
 */
package io.millrace.training.inference;
