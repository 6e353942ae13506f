package io.millrace.datasets.generator;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.csr.EdgeOptions;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RmatModelTest {

  @Test
  void scramblesIdsWithoutLosingAny() {
    for (int bits = 0; bits <= 16; bits++) {
      RmatModel model = new RmatModel(GeneratorOptions.of(1 << bits, 0).withSeed(bits));
      BitSet seen = new BitSet();
      for (int id = 0; id < 1 << bits; id++) {
        seen.set(model.scramble(id));
      }
      assertEquals(1 << bits, seen.cardinality(), "bits=" + bits);
      assertEquals(1 << bits, seen.length(), "bits=" + bits);
    }
  }

  /** On two levels the 16 cells have the products of two quarters' probabilities. */
  @Test
  void drawsTheFourQuartersWithTheirProbabilities() {
    RmatModel model = new RmatModel(GeneratorOptions.of(4, 0));
    int numEdges = 250_000;
    MemorySegment edges = MemorySegment.ofArray(new long[numEdges]);
    model.drawEdges(new SplittableRandom(2), edges);
    double[][] cells = new double[4][4];
    for (int i = 0; i < numEdges; i++) {
      long edge = edges.getAtIndex(JAVA_LONG, i);
      cells[EdgeList.src(edge)][EdgeList.dst(edge)] += 1.0 / numEdges;
    }
    double[] quarters = {0.57, 0.19, 0.19, 0.05};
    for (int first = 0; first < 4; first++) {
      for (int second = 0; second < 4; second++) {
        int src = model.scramble((first >> 1) * 2 + (second >> 1));
        int dst = model.scramble((first & 1) * 2 + (second & 1));
        double expected = quarters[first] * quarters[second];
        assertEquals(expected, cells[src][dst], 0.004, first + " then " + second);
      }
    }
  }

  @Test
  void hasHubs() {
    CsrGraph graph = graph(1 << 14, 1 << 18);
    int max = 0;
    for (int node = 0; node < graph.numNodes(); node++) {
      max = Math.max(max, graph.degree(node));
    }
    assertTrue(max > 50 * graph.numEdges() / graph.numNodes(), "max=" + max);
  }

  private static CsrGraph graph(int numNodes, int numEdges) {
    long[] edges = new long[numEdges];
    new RmatModel(GeneratorOptions.of(numNodes, numEdges))
        .drawEdges(new SplittableRandom(2), MemorySegment.ofArray(edges));
    int[] src = new int[numEdges];
    int[] dst = new int[numEdges];
    for (int i = 0; i < numEdges; i++) {
      src[i] = EdgeList.src(edges[i]);
      dst[i] = EdgeList.dst(edges[i]);
    }
    return CsrBuilder.build(numNodes, src, dst, EdgeOptions.DIRECTED);
  }
}
