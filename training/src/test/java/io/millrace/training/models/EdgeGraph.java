package io.millrace.training.models;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A graph whose edges have weights, some of them 0, and features.
 *
 * @param graph with nodes without neighbours, self-loops and double edges
 * @param weights of each node's edges
 * @param features of each node's edges, {@code [edges x dim]}
 */
public record EdgeGraph(SmallGraph graph, double[][] weights, double[][][] features) {
  public static final int DIM = 3;

  /** One node has so many edges that inference computes it in parts. */
  public static EdgeGraph of(SmallGraph graph, long seed) {
    Random random = new Random(seed);
    int[][] neighbors = graph.neighbors();
    double[][] weights = new double[neighbors.length][];
    double[][][] features = new double[neighbors.length][][];
    for (int v = 0; v < neighbors.length; v++) {
      int degree = neighbors[v].length;
      weights[v] =
          random
              .doubles(degree)
              .map(w -> random.nextInt(4) == 0 ? 0 : (float) (0.2 + 2 * w))
              .toArray();
      features[v] =
          IntStream.range(0, degree)
              .mapToObj(_ -> random.doubles(DIM, -1, 1).map(x -> (float) x).toArray())
              .toArray(double[][]::new);
    }
    return new EdgeGraph(graph, weights, features);
  }

  static EdgeGraph random(long seed, int numNodes, int dim) {
    return of(SmallGraph.random(seed, numNodes, dim), seed);
  }

  int numNodes() {
    return weights.length;
  }

  /** The same with the edges of each row in the opposite order. */
  EdgeGraph reversedRows() {
    int n = numNodes();
    int[][] neighbors = new int[n][];
    double[][] w = new double[n][];
    double[][][] f = new double[n][][];
    for (int v = 0; v < n; v++) {
      int last = weights[v].length - 1;
      int row = v;
      neighbors[v] =
          IntStream.rangeClosed(0, last).map(i -> graph.neighbors()[row][last - i]).toArray();
      w[v] = IntStream.rangeClosed(0, last).mapToDouble(i -> weights[row][last - i]).toArray();
      f[v] =
          IntStream.rangeClosed(0, last)
              .mapToObj(i -> features[row][last - i])
              .toArray(double[][]::new);
    }
    return new EdgeGraph(new SmallGraph(neighbors, graph.x()), w, f);
  }

  EdgeGraph withFeatures(double value) {
    double[][][] same =
        Arrays.stream(features)
            .map(row -> Arrays.stream(row).map(_ -> filled(value)).toArray(double[][]::new))
            .toArray(double[][][]::new);
    return new EdgeGraph(graph, weights, same);
  }

  private static double[] filled(double value) {
    double[] row = new double[DIM];
    Arrays.fill(row, value);
    return row;
  }

  public GraphDataset dataset() {
    int n = numNodes();
    long[] indptr = new long[n + 1];
    for (int v = 0; v < n; v++) {
      indptr[v + 1] = indptr[v] + weights[v].length;
    }
    int[] indices = Arrays.stream(graph.neighbors()).flatMapToInt(Arrays::stream).toArray();
    double[] w = Arrays.stream(weights).flatMapToDouble(Arrays::stream).toArray();
    double[] f =
        Arrays.stream(features).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
    double[] x = Arrays.stream(graph.x().rows()).flatMapToDouble(Arrays::stream).toArray();
    return GraphDataset.builder("edges", CsrGraph.of(indptr, indices))
        .features(FeatureMatrix.of(graph.x().width(), floats(x)))
        .edges(
            EdgeAttributes.NONE
                .withWeights(MemorySegment.ofArray(floats(w)))
                .withFeatures(DIM, MemorySegment.ofArray(floats(f))))
        .build();
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) values[i]);
    return floats;
  }
}
