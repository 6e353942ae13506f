package io.millrace.slicing.cache;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.sampler.Fanout;
import java.lang.foreign.MemorySegment;

/**
 * The rows that a cache of a training holds, and what it may expect of them.
 *
 * <p>Immutable. The next class to read is {@link CachedFeatures}.
 */
public final class CachePlan {
  private final CachedRows rows;
  private final int rowBytes;
  private final double predictedHitShare;

  private CachePlan(CachedRows rows, int rowBytes, double predictedHitShare) {
    this.rows = rows;
    this.rowBytes = rowBytes;
    this.predictedHitShare = predictedHitShare;
  }

  /**
   * Ranks the rows of a dataset: one pass over the edges per hop, and for {@link
   * CacheRanking#DEGREE} one more. Takes 16 bytes per node of Java's heap while it works.
   *
   * @param seeds the training nodes, distinct
   * @param batchSize how many of them a batch has
   * @throws BadInputException if there is no room for a row
   */
  public static CachePlan of(
      CacheSettings settings,
      CsrGraph graph,
      FeatureMatrix features,
      int[] seeds,
      int batchSize,
      Fanout fanout) {
    int numNodes = graph.numNodes();
    int room = CachedRows.room(settings, numNodes, features.rowBytes());
    float[] probability = InclusionProbability.of(graph, seeds, batchSize, fanout);
    CachedRows rows =
        switch (settings.ranking()) {
          case VIP ->
              // positive floats have the order of their bits
              CachedRows.hottest(numNodes, v -> Float.floatToRawIntBits(probability[v]), room);
          case DEGREE -> {
            int[] occurrences = occurrences(graph);
            yield CachedRows.hottest(numNodes, v -> occurrences[v], room);
          }
        };
    return new CachePlan(rows, features.rowBytes(), hitShare(rows, probability));
  }

  /** How often each node occurs as a neighbour. */
  private static int[] occurrences(CsrGraph graph) {
    int[] occurrences = new int[graph.numNodes()];
    MemorySegment indices = graph.indices();
    for (long position = 0; position < graph.numEdges(); position++) {
      int node = indices.getAtIndex(JAVA_INT, position);
      occurrences[node] += occurrences[node] < Integer.MAX_VALUE ? 1 : 0;
    }
    return occurrences;
  }

  private static double hitShare(CachedRows rows, float[] probability) {
    double cached = 0;
    double all = 0;
    for (int node = 0; node < probability.length; node++) {
      cached += rows.contains(node) ? probability[node] : 0;
      all += probability[node];
    }
    return cached / all;
  }

  CachedRows rows() {
    return rows;
  }

  /** How many rows are cached. */
  public int numRows() {
    return rows.size();
  }

  /** Bytes of the rows and their index. */
  public long bytes() {
    return (long) rows.size() * rowBytes + CachedRows.indexBytes(rows.numNodes());
  }

  /**
   * The share of the rows of a training batch that will come from the cache, 0 to 1: that of the
   * cached nodes in the sum of all inclusion probabilities.
   */
  public double predictedHitShare() {
    return predictedHitShare;
  }
}
