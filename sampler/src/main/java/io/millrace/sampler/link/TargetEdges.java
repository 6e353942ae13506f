package io.millrace.sampler.link;

import io.millrace.sampler.draw.ExcludedRanks;
import java.util.Arrays;

/**
 * Finds the edges that a batch must not use, because it predicts them: all parallel edges of each
 * positive, and of its reverse if that is asked for. Immutable; all threads share it.
 */
final class TargetEdges {
  private final EdgeLookup edges;
  private final boolean reverse;

  TargetEdges(EdgeLookup edges, boolean reverse) {
    this.edges = edges;
    this.reverse = reverse;
  }

  /**
   * @param ends the positives' sources, then their destinations: the first seeds of the batch
   * @param excluded is replaced; its rows are those of the local ids that these seeds get
   */
  void find(int[] ends, ExcludedRanks excluded) {
    excluded.clear();
    long[] targets = targets(ends);
    int[] ranks = new int[8];
    for (int row : inOrderOfFirstUse(ends)) {
      int count = 0;
      int next = lowerBound(targets, (long) row << Integer.SIZE);
      for (; next < targets.length && (int) (targets[next] >>> Integer.SIZE) == row; next++) {
        if (next > 0 && targets[next] == targets[next - 1]) {
          continue; // a link that is twice in the batch
        }
        int neighbor = (int) targets[next];
        int end = edges.place(row, neighbor + 1L);
        for (int place = edges.place(row, neighbor); place < end; place++) {
          if (count == ranks.length) {
            ranks = Arrays.copyOf(ranks, 2 * count);
          }
          ranks[count++] = edges.rank(row, place);
        }
      }
      Arrays.sort(ranks, 0, count);
      excluded.addRow(ranks, count);
    }
  }

  /** Row and neighbour of each edge in one number, sorted. */
  private long[] targets(int[] ends) {
    int numPositives = ends.length / 2;
    long[] targets = new long[reverse ? ends.length : numPositives];
    for (int i = 0; i < numPositives; i++) {
      long src = ends[i];
      long dst = ends[numPositives + i];
      targets[i] = dst << Integer.SIZE | src;
      if (reverse) {
        targets[numPositives + i] = src << Integer.SIZE | dst;
      }
    }
    Arrays.sort(targets);
    return targets;
  }

  /** The distinct nodes in the order in which a batch gives them local ids. */
  private static int[] inOrderOfFirstUse(int[] ends) {
    long[] byNode = new long[ends.length];
    for (int i = 0; i < ends.length; i++) {
      byNode[i] = (long) ends[i] << Integer.SIZE | i;
    }
    Arrays.sort(byNode);
    long[] byUse = new long[ends.length];
    int size = 0;
    for (int i = 0; i < byNode.length; i++) {
      if (i == 0 || byNode[i] >>> Integer.SIZE != byNode[i - 1] >>> Integer.SIZE) {
        byUse[size++] = byNode[i] << Integer.SIZE | byNode[i] >>> Integer.SIZE;
      }
    }
    Arrays.sort(byUse, 0, size);
    return Arrays.stream(byUse, 0, size).mapToInt(use -> (int) use).toArray();
  }

  private static int lowerBound(long[] sorted, long value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
