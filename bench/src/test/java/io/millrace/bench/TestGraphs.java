package io.millrace.bench;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import java.util.Random;

/** Small graphs for tests. */
public final class TestGraphs {
  private TestGraphs() {}

  /** Skewed degrees from 0 to some hundreds; multi-edges and self-loops included. */
  public static CsrGraph random(int numNodes, long seed) {
    Random random = new Random(seed);
    long[] indptr = new long[numNodes + 1];
    for (int v = 0; v < numNodes; v++) {
      int hub = (int) (Math.pow(random.nextDouble(), 6) * 400) * random.nextInt(2);
      indptr[v + 1] = indptr[v] + hub + random.nextInt(6);
    }
    int[] indices = random.ints(indptr[numNodes], 0, numNodes).toArray();
    return CsrGraph.of(indptr, indices);
  }

  public static GraphDataset dataset(CsrGraph graph) {
    return GraphDataset.builder("random", graph).build();
  }

  static GraphDataset withFeatures(CsrGraph graph, int dim) {
    return builder(graph, dim).build();
  }

  /** With features, all of them 0. */
  public static GraphDataset.Builder builder(CsrGraph graph, int dim) {
    return GraphDataset.builder("random", graph)
        .features(FeatureMatrix.of(dim, new float[graph.numNodes() * dim]));
  }
}
