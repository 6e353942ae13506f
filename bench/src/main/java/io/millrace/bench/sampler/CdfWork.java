package io.millrace.bench.sampler;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.EdgeWeights;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Sampling by weight: for each node, the running sums of its row's weights, and binary searches in
 * them. Without replacement, an edge that is drawn already is drawn again.
 */
final class CdfWork extends PlainWork {
  private final MemorySegment weights;
  private final boolean replace;
  private final IntOpenHashSet drawn = new IntOpenHashSet();
  private double[] sums = new double[1 << 12];

  CdfWork(CsrGraph graph, EdgeWeights weights, Fanout fanout, boolean replace) {
    super(graph, fanout, false);
    this.weights = weights.values();
    this.replace = replace;
  }

  @Override
  void begin(int numSeeds, long batchSeed) {}

  @Override
  int draw(int node, int seed, int wanted, SplittableRandom random) {
    int degree = graph.degree(node);
    ensureRanks(Math.max(degree, wanted == Integer.MAX_VALUE ? 0 : wanted));
    int count = sum(node, degree);
    if (count <= wanted && !replace || count == 0 || wanted == Integer.MAX_VALUE) {
      return count; // sum has written them
    }
    drawn.clear();
    for (int done = 0; done < wanted; ) {
      double target = random.nextDouble() * sums[degree - 1];
      int found = Arrays.binarySearch(sums, 0, degree, target);
      int rank = Math.min(found < 0 ? -1 - found : found + 1, degree - 1);
      if (replace || drawn.add(rank)) {
        ranks[done++] = rank;
      }
    }
    return wanted;
  }

  /** Writes the sums, and the ranks with a weight. Returns how many these are. */
  private int sum(int node, int degree) {
    if (sums.length < degree) {
      sums = new double[2 * degree];
    }
    long start = graph.rowStart(node);
    double sum = 0;
    int count = 0;
    for (int rank = 0; rank < degree; rank++) {
      float weight = weights.getAtIndex(JAVA_FLOAT, start + rank);
      sum += weight;
      sums[rank] = sum;
      if (weight > 0) {
        ranks[count++] = rank;
      }
    }
    return count;
  }
}
