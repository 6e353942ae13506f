package io.millrace.sweeps;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.sweeps.space.Parameter;
import io.millrace.sweeps.space.SearchSpace;
import io.millrace.training.GraphTrainer;
import io.millrace.training.models.GraphSage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A graph whose classes are noisily in its features, and trainings on it that take milliseconds.
 */
final class SweptGraph {
  private static final int NODES = 240;
  private static final int DEGREE = 4;
  private static final int DIM = 6;

  private SweptGraph() {}

  static GraphDataset open() {
    SplittableRandom random = new SplittableRandom(5);
    long[] indptr = LongStream.rangeClosed(0, NODES).map(v -> v * DEGREE).toArray();
    int[] indices = random.ints((long) NODES * DEGREE, 0, NODES).toArray();
    int[] labels = random.ints(NODES, 0, 3).toArray();
    float[] features = new float[NODES * DIM];
    for (int v = 0; v < NODES; v++) {
      for (int d = 0; d < DIM; d++) {
        features[v * DIM + d] = (float) (random.nextGaussian() + (labels[v] == d ? 1 : 0));
      }
    }
    return GraphDataset.builder("swept", CsrGraph.of(indptr, indices))
        .features(FeatureMatrix.of(DIM, features))
        .labels(NodeLabels.of(3, labels))
        .split(Split.TRAIN, IntStream.range(0, 120).toArray())
        .split(Split.VALID, IntStream.range(120, 180).toArray())
        .split(Split.TEST, IntStream.range(180, NODES).toArray())
        .build();
  }

  static SearchSpace space() {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    parameters.put("lr", new Parameter.Range(Parameter.Scale.LOG, 1e-4, 1e-1));
    parameters.put("hidden", new Parameter.Choice(List.of("4", "8")));
    return SearchSpace.of(parameters);
  }

  static TrialTraining training(GraphDataset data) {
    return trial ->
        GraphTrainer.builder(data)
            .model(GraphSage.of(trial.integer("hidden"), 1))
            .learningRate(trial.real("lr"))
            .fanout(3)
            .batchSize(60)
            .computeThreads(1);
  }
}
