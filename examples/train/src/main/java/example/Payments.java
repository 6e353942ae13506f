package example;

import io.millrace.Progress;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.generator.GraphGenerator;
import io.millrace.sampler.Fanout;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.InferenceResults;
import io.millrace.training.models.GraphSage;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code train FOLDER} makes a graph, trains a model on it and saves both; {@code score FOLDER}, in
 * another run, reads them and scores every node.
 */
public final class Payments {
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    switch (args[0]) {
      case "train" -> train(folder);
      case "score" -> score(folder);
      default -> throw new IllegalArgumentException("train or score, not " + args[0]);
    }
  }

  private static void train(Path folder) throws Exception {
    Files.createDirectories(folder);
    // Stands for your own import: see docs/import.md.
    GraphGenerator.PLANTED.generate(
        GraphGenerator.PLANTED
            .defaults()
            .withNodes(4000)
            .withEdges(40_000)
            .withUndirected(true)
            .withFeatures(16, FeatureType.FLOAT32)
            .withClasses(4),
        folder.resolve("graph"),
        Progress.NONE);
    try (GraphDataset data = GraphDataset.open(folder.resolve("graph"));
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(GraphSage.of(32, 2))
                .fanout(10, 5)
                .evalFanout(Fanout.ALL, Fanout.ALL)
                .batchSize(256)
                .saveTo(folder.resolve("model"))
                .build()) {
      FitResult result = trainer.fit(5, TrainingListener.NONE);
      System.out.printf("trained: test accuracy %.3f%n", result.testMetric());
    }
  }

  private static void score(Path folder) {
    ModelFile model = ModelFile.read(folder.resolve("model"));
    try (GraphDataset data = GraphDataset.open(folder.resolve("graph"));
        GraphInference inference = GraphInference.builder(data, model).build();
        InferenceResults results =
            inference.results(folder.resolve("scores"), InferenceListener.NONE)) {
      int[] predicted = new int[data.graph().numNodes()];
      int node = 0;
      for (var chunk : results) { // nodes 0, 1, 2, ...
        for (int i = 0; i < chunk.size(); i++) {
          predicted[node++] = chunk.predicted(i);
        }
      }
      int right = 0;
      int[] test = data.nodes(Split.TEST);
      for (int v : test) {
        right += predicted[v] == data.labels().get(v) ? 1 : 0;
      }
      System.out.printf("scored: test accuracy %.3f%n", (double) right / test.length);
    }
  }
}
