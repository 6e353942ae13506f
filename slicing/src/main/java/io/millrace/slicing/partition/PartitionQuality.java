package io.millrace.slicing.partition;

import io.millrace.datasets.CsrGraph;
import java.util.Arrays;

/**
 * How good an assignment is.
 *
 * @param cutShare share of the edges that run between parts, 0 to 1
 * @param balance nodes of the largest part by their mean, at least 1
 */
public record PartitionQuality(double cutShare, double balance) {
  public static PartitionQuality of(CsrGraph graph, Assignment assignment) {
    long cut = 0;
    for (int v = 0; v < graph.numNodes(); v++) {
      long begin = graph.rowStart(v);
      for (long position = begin; position < begin + graph.degree(v); position++) {
        cut += assignment.of(graph.neighbor(position)) == assignment.of(v) ? 0 : 1;
      }
    }
    int largest = Arrays.stream(assignment.sizes()).max().orElse(0);
    return new PartitionQuality(
        (double) cut / Math.max(1, graph.numEdges()),
        (double) largest * assignment.numParts() / Math.max(1, graph.numNodes()));
  }

  /** The share of the edges that a random assignment to as many parts cuts on average. */
  public static double randomCutShare(int numParts) {
    return 1 - 1.0 / numParts;
  }
}
