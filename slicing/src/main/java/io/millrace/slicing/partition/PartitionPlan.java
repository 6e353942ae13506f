package io.millrace.slicing.partition;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.Fanout;
import io.millrace.slicing.cache.CachedRows;
import io.millrace.slicing.cache.InclusionProbability;

/**
 * Which rows of others a rank keeps, and how many it will have to fetch. Immutable.
 *
 * @param own the part of this rank
 * @param cached rows of other parts that this rank keeps a copy of
 * @param predictedRemoteShare share of the rows of a training batch that will be fetched, 0 to 1
 */
@Internal
public record PartitionPlan(
    Assignment assignment, int own, CachedRows cached, double predictedRemoteShare) {
  /**
   * Ranks the rows of other parts by their probability to be in a batch.
   *
   * @param cacheShare rows to keep, as a share of the rows of a part ({@code numNodes / numParts})
   * @param seeds of all batches of an epoch, distinct
   * @param batchSize seeds in a batch
   * @throws BadInputException if the share is negative, or the assignment is of another graph
   */
  public static PartitionPlan of(
      Assignment assignment,
      int own,
      double cacheShare,
      CsrGraph graph,
      int[] seeds,
      int batchSize,
      Fanout fanout) {
    int numNodes = graph.numNodes();
    if (assignment.numNodes() != numNodes) {
      throw BadInputException.of(
          "an assignment must be of the dataset's nodes",
          "assigned",
          assignment.numNodes(),
          "nodes",
          numNodes);
    }
    if (!(cacheShare >= 0 && cacheShare < Double.POSITIVE_INFINITY)) {
      throw BadInputException.of(
          "the share of cached rows must not be negative", "share", cacheShare);
    }
    float[] probability = InclusionProbability.of(graph, seeds, batchSize, fanout);
    int room = (int) Math.min(numNodes, cacheShare * numNodes / assignment.numParts());
    CachedRows cached =
        CachedRows.hottest(
            numNodes,
            // positive floats have the order of their bits
            v -> assignment.of(v) == own ? 0 : Float.floatToRawIntBits(probability[v]),
            room);
    double remote = 0;
    double all = 0;
    for (int v = 0; v < numNodes; v++) {
      all += probability[v];
      remote += assignment.of(v) == own || cached.contains(v) ? 0 : probability[v];
    }
    return new PartitionPlan(assignment, own, cached, all == 0 ? 0 : remote / all);
  }
}
