package io.millrace.sampler;

import io.millrace.datasets.CsrGraph;
import java.util.Random;

/** Small graphs for tests. */
final class Graphs {
  private Graphs() {}

  /** Row {@code v} holds {@code rows[v]}. */
  static CsrGraph ofRows(int[]... rows) {
    long[] indptr = new long[rows.length + 1];
    for (int v = 0; v < rows.length; v++) {
      indptr[v + 1] = indptr[v] + rows[v].length;
    }
    int[] indices = new int[(int) indptr[rows.length]];
    for (int v = 0; v < rows.length; v++) {
      System.arraycopy(rows[v], 0, indices, (int) indptr[v], rows[v].length);
    }
    return CsrGraph.of(indptr, indices);
  }

  /** Node {@code v} aggregates from {@code v - 1} and {@code v + 1}. */
  static CsrGraph cycle(int numNodes) {
    int[][] rows = new int[numNodes][];
    for (int v = 0; v < numNodes; v++) {
      rows[v] = new int[] {(v + numNodes - 1) % numNodes, (v + 1) % numNodes};
    }
    return ofRows(rows);
  }

  /** Node 0 aggregates from all others, which have no neighbours. */
  static CsrGraph star(int degree) {
    int[][] rows = new int[degree + 1][0];
    rows[0] = new int[degree];
    for (int i = 0; i < degree; i++) {
      rows[0][i] = i + 1;
    }
    return ofRows(rows);
  }

  /** Skewed degrees from 0 to some hundreds; multi-edges and self-loops included. */
  static CsrGraph random(int numNodes, Random random) {
    int[][] rows = new int[numNodes][];
    for (int v = 0; v < numNodes; v++) {
      int degree =
          (int) (Math.pow(random.nextDouble(), 6) * 300) * random.nextInt(2) + random.nextInt(6);
      rows[v] = random.ints(degree, 0, numNodes).toArray();
    }
    return ofRows(rows);
  }

  /** Degrees up to 64; multi-edges and self-loops included. */
  static CsrGraph shortRows(int numNodes, Random random) {
    int[][] rows = new int[numNodes][];
    for (int v = 0; v < numNodes; v++) {
      rows[v] = random.ints(random.nextInt(65), 0, numNodes).toArray();
    }
    return ofRows(rows);
  }

  /** A weight per edge, from 0 to some thousands; a third are 0. */
  static float[] weights(CsrGraph graph, Random random) {
    float[] weights = new float[(int) graph.numEdges()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt(3) == 0 ? 0 : (float) Math.exp(8 * random.nextGaussian());
    }
    return weights;
  }
}
