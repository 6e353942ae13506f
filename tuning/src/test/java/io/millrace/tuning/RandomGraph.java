package io.millrace.tuning;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A graph to train on, whose labels are the classes that its features tell. */
public final class RandomGraph {
  private static final int DEGREE = 5;

  private RandomGraph() {}

  /**
   * @param dim numbers in a feature row
   */
  public static GraphDataset of(int numNodes, int dim) {
    SplittableRandom random = new SplittableRandom(5);
    long[] indptr = LongStream.rangeClosed(0, numNodes).map(v -> v * DEGREE).toArray();
    int[] indices = random.ints((long) numNodes * DEGREE, 0, numNodes).toArray();
    int[] labels = random.ints(numNodes, 0, 2).toArray();
    float[] features = new float[numNodes * dim];
    for (int v = 0; v < numNodes; v++) {
      features[v * dim] = labels[v];
    }
    return GraphDataset.builder("random", CsrGraph.of(indptr, indices))
        .features(FeatureMatrix.of(dim, features))
        .labels(NodeLabels.of(2, labels))
        .split(Split.TRAIN, IntStream.range(0, numNodes).toArray())
        .build();
  }
}
