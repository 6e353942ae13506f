package io.millrace.datasets.generator;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;

/** Classifies by the nearest mean of the train split: the best one can do on planted features. */
public final class NearestCentre {
  private NearestCentre() {}

  /** Share of the test split that is classified right. */
  public static double accuracy(GraphDataset dataset) {
    int dim = dataset.features().dim();
    int numClasses = dataset.labels().numClasses();
    double[][] means = new double[numClasses][dim];
    int[] counts = new int[numClasses];
    for (int node : dataset.nodes(Split.TRAIN)) {
      int label = dataset.labels().get(node);
      counts[label]++;
      for (int column = 0; column < dim; column++) {
        means[label][column] += dataset.features().get(node, column);
      }
    }
    int right = 0;
    int[] test = dataset.nodes(Split.TEST);
    for (int node : test) {
      int best = -1;
      double bestDistance = Double.MAX_VALUE;
      for (int k = 0; k < numClasses; k++) {
        double distance = 0;
        for (int column = 0; column < dim; column++) {
          double d = dataset.features().get(node, column) - means[k][column] / counts[k];
          distance += d * d;
        }
        if (distance < bestDistance) {
          bestDistance = distance;
          best = k;
        }
      }
      right += best == dataset.labels().get(node) ? 1 : 0;
    }
    return (double) right / test.length;
  }
}
