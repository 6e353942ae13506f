package io.millrace.slicing.partition;

import io.millrace.Require;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import java.util.Arrays;

/**
 * Divides nodes so that few edges run between parts, in one pass: a node goes to the part that has
 * most of its neighbours so far, weighted by the room that is left there (linear deterministic
 * greedy, Stanton and Kliot, KDD 2012).
 *
 * <p>The parts get about the same number of training, validation, test and other nodes, and of
 * edges: each of these has a capacity of its own. Stateless.
 */
public final class StreamingPartitioner {
  /** How much more than its share a part may have. */
  private static final double SLACK = 1.05;

  private static final int NUM_KINDS = Split.values().length + 1;
  private static final int EDGES = NUM_KINDS;

  private final CsrGraph graph;
  private final byte[] kinds;
  private final int[] parts;
  private final double[][] loads;
  private final double[] capacities;

  private StreamingPartitioner(CsrGraph graph, byte[] kinds, int numParts) {
    this.graph = graph;
    this.kinds = kinds;
    parts = new int[graph.numNodes()];
    Arrays.fill(parts, -1);
    loads = new double[numParts][NUM_KINDS + 1];
    capacities = new double[NUM_KINDS + 1];
    for (byte kind : kinds) {
      capacities[kind]++;
    }
    capacities[EDGES] = graph.numEdges();
    for (int c = 0; c < capacities.length; c++) {
      capacities[c] = SLACK * capacities[c] / numParts + 1;
    }
  }

  /**
   * @throws io.millrace.BadInputException unless there is a node for each part
   */
  public static Assignment partition(GraphDataset data, int numParts) {
    Require.positive("parts", numParts);
    CsrGraph graph = data.graph();
    byte[] kinds = new byte[graph.numNodes()];
    Arrays.fill(kinds, (byte) (NUM_KINDS - 1));
    for (Split split : Split.values()) {
      if (data.hasSplit(split)) {
        for (int node : data.nodes(split)) {
          kinds[node] = (byte) split.ordinal();
        }
      }
    }
    return Assignment.of(numParts, new StreamingPartitioner(graph, kinds, numParts).run());
  }

  private int[] run() {
    int numParts = loads.length;
    int[] neighbors = new int[numParts];
    for (int v = 0; v < parts.length; v++) {
      Arrays.fill(neighbors, 0);
      long begin = graph.rowStart(v);
      int degree = graph.degree(v);
      for (long position = begin; position < begin + degree; position++) {
        int part = parts[graph.neighbor(position)];
        if (part >= 0) {
          neighbors[part]++;
        }
      }
      int best = best(neighbors, kinds[v]);
      parts[v] = best;
      loads[best][kinds[v]]++;
      loads[best][EDGES] += degree;
    }
    return parts;
  }

  /** The best part with room; the emptiest among equals, and where there is no room. */
  private int best(int[] neighbors, int kind) {
    int best = 0;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int p = 0; p < neighbors.length; p++) {
      double full = full(p, kind);
      double score = full >= 1 ? -full : neighbors[p] * (1 - full);
      if (score > bestScore || score == bestScore && full < full(best, kind)) {
        best = p;
        bestScore = score;
      }
    }
    return best;
  }

  /** How full a part is, in what a node of a kind needs; 1 if there is no room. */
  private double full(int part, int kind) {
    return Math.max(loads[part][kind] / capacities[kind], loads[part][EDGES] / capacities[EDGES]);
  }
}
