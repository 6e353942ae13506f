package io.millrace.transfer;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import java.util.Random;

/**
 * A random graph whose features and labels tell the node: feature {@code j} of node {@code v} is
 * {@code 10 v + j}.
 */
final class TestData {
  static final int DIM = 5;
  static final int NUM_CLASSES = 7;

  private TestData() {}

  static GraphDataset random(int numNodes, int maxDegree) {
    Random random = new Random(1);
    long[] indptr = new long[numNodes + 1];
    for (int v = 0; v < numNodes; v++) {
      indptr[v + 1] = indptr[v] + random.nextInt(maxDegree + 1);
    }
    int[] indices = random.ints(indptr[numNodes], 0, numNodes).toArray();
    return dataset(indptr, indices);
  }

  /** Node {@code badNode} has a neighbour that does not exist. */
  static GraphDataset withBadNeighborOf(int badNode, int numNodes) {
    long[] indptr = new long[numNodes + 1];
    int[] indices = new int[numNodes];
    for (int v = 0; v < numNodes; v++) {
      indptr[v + 1] = v + 1;
      indices[v] = v == badNode ? numNodes : v;
    }
    return dataset(indptr, indices);
  }

  private static GraphDataset dataset(long[] indptr, int[] indices) {
    int numNodes = indptr.length - 1;
    float[] features = new float[numNodes * DIM];
    int[] labels = new int[numNodes];
    for (int v = 0; v < numNodes; v++) {
      labels[v] = v % NUM_CLASSES;
      for (int j = 0; j < DIM; j++) {
        features[v * DIM + j] = 10f * v + j;
      }
    }
    return GraphDataset.builder("test", CsrGraph.of(indptr, indices))
        .features(FeatureMatrix.of(DIM, features))
        .labels(NodeLabels.of(NUM_CLASSES, labels))
        .build();
  }
}
