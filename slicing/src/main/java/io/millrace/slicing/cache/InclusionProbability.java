package io.millrace.slicing.cache;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.Internal;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.Fanout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The probability of each node to be in a batch, as if neighbours were drawn uniformly (vertex
 * inclusion probability, after SALIENT++, MLSys 2023).
 *
 * <p>A batch begins with its seeds. In hop {@code h} every node {@code v} that it has so far draws
 * each of its neighbours with probability {@code q_h(v) = min(1, fanout_h / degree(v))}, or 1 where
 * all are taken, so a node draws anew in each hop after the one in which it came. With {@code
 * a_h(v)} the probability that {@code v} is there after hop {@code h}, and {@code m_h(v)} the
 * probability that it is there but has not drawn a given neighbour,
 *
 * <pre>
 *   a_0(v) = m_0(v) = min(1, batchSize / seeds) for a seed, otherwise 0
 *   a_h(u) = 1 - (1 - a_0(u)) * product over the rows v that hold u of (1 - c_h(v))
 *   c_h(v) = a_{h-1}(v) - (1 - q_h(v)) m_{h-1}(v)     v has drawn a given neighbour
 *   m_h(v) = (1 - q_h(v)) m_{h-1}(v) + a_h(v) - a_{h-1}(v)
 * </pre>
 *
 * <p>It is exact on trees. Elsewhere rows that hold a node are not independent, and the sum of all
 * probabilities is some per cent more than the nodes of a batch. The share of some nodes in it is
 * within 2 or 3 points of their share in batches.
 *
 * <p>One pass over the edges per hop, on one thread, so sums have a fixed order. Rows of nodes with
 * probability 0 are not read.
 */
@Internal
public final class InclusionProbability {
  private final CsrGraph graph;
  private final float[] probability;
  private final float[] undrawn;
  private final double[] logAbsent;

  private InclusionProbability(CsrGraph graph) {
    this.graph = graph;
    probability = new float[graph.numNodes()];
    undrawn = new float[graph.numNodes()];
    logAbsent = new double[graph.numNodes()];
  }

  /**
   * Takes 16 bytes per node while it works.
   *
   * @param seeds distinct nodes, of which each batch has {@code batchSize}
   * @return one value per node, 0 to 1
   */
  public static float[] of(CsrGraph graph, int[] seeds, int batchSize, Fanout fanout) {
    InclusionProbability all = new InclusionProbability(graph);
    double seedShare = Math.min(1, (double) batchSize / seeds.length);
    for (int seed : seeds) {
      all.probability[seed] = (float) seedShare;
      all.undrawn[seed] = (float) seedShare;
    }
    for (int hop = 1; hop <= fanout.numHops(); hop++) {
      Arrays.fill(all.logAbsent, 0);
      for (int seed : seeds) {
        all.logAbsent[seed] = StrictMath.log1p(-seedShare); // -infinity: certain
      }
      all.draw(fanout.at(hop));
      all.arrive();
    }
    return all.probability;
  }

  private void draw(int fanout) {
    MemorySegment indices = graph.indices();
    for (int v = 0; v < probability.length; v++) {
      int degree = graph.degree(v);
      if (probability[v] > 0 && degree > 0) {
        double share = fanout == Fanout.ALL ? 1 : Math.min(1, (double) fanout / degree);
        undrawn[v] *= (float) (1 - share);
        double notByThis = StrictMath.log1p(-Math.max(0, (double) probability[v] - undrawn[v]));
        long begin = graph.rowStart(v);
        for (long position = begin; position < begin + degree; position++) {
          logAbsent[indices.getAtIndex(JAVA_INT, position)] += notByThis;
        }
      }
    }
  }

  private void arrive() {
    for (int u = 0; u < probability.length; u++) {
      float now = (float) (0.0 - StrictMath.expm1(logAbsent[u])); // never -0.0
      undrawn[u] += Math.max(0, now - probability[u]);
      probability[u] = now;
    }
  }
}
