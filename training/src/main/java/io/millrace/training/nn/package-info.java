/**
 * The parts that models are built from. A user's own model needs only this package and {@code
 * Scalars} of {@link io.millrace.training.torch}. Begin with {@link
 * io.millrace.training.nn.GraphModel}, then {@link io.millrace.training.nn.GraphBlock} and {@link
 * io.millrace.training.nn.Aggregation}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Every network is a chain of layers with one state per node in between. A layer that needs
 *       more than the output of the one before it (jumping knowledge, SAGE-RI) carries it along as
 *       further columns of the state. This copies some columns in training, but it lets any model
 *       be computed for all nodes of a graph layer by layer.
 *   <li>Layers reach their neighbours through {@code Aggregation}, in a fixed order of calls. A row
 *       too long for the memory can therefore be aggregated in parts ({@code PartialAggregation})
 *       for any model. A layer that asks for the edges' arrays gets the row whole.
 *   <li>Sums under sampling estimate the sum over the whole neighbourhood: a sum over n neighbours
 *       is n times the mean of the sample. A model trained on samples can predict from all
 *       neighbours.
 *   <li>A model names what it reads of edges; only then do batches have positions and attributes.
 *       Layers with edge features hold rows per edge and say how many values ({@code
 *       valuesPerEdge}), so that the chunks of an inference fit into its memory. They reduce them
 *       through {@code Aggregation}, too, so long rows are computed in parts.
 *   <li>Weighted sums count the scale of a draw, or the weight times the neighbours per neighbour
 *       drawn: both are unbiased. A draw that prefers by weight is refused for them.
 *   <li>Softmax is normalised last: numerator and denominator are accumulated separately and
 *       divided per destination, so an edge has one number per head. The maximum exponent of a
 *       destination comes from the scores of the sources alone, because LeakyReLU is increasing.
 *   <li>Dropout on the CPU is a function of (run seed, epoch, batch, number of the mask, position)
 *       ({@code DropoutMask}), so a checkpoint holds no generator state. On a GPU torch's generator
 *       is seeded again for each batch.
 *   <li>Running statistics of batch normalisation are copied for each virtual node, and a step
 *       leaves the mean of the copies. In sequence they would move V times as fast, and could not
 *       be computed in two places at once.
 *   <li>The first weights are drawn on the CPU for any device, so a GPU begins with the same ones.
 * </ul>
 */
package io.millrace.training.nn;
