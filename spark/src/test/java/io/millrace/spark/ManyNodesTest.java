package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.millrace.Progress;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.generator.GeneratorOptions;
import io.millrace.datasets.generator.GraphGenerator;
import io.millrace.spark.cluster.StandaloneCluster;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.OutputOptions;
import io.millrace.training.models.ModelKind;
import io.millrace.transfer.DeviceChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores more nodes than the driver could hold. */
@Tag("exhaustive")
class ManyNodesTest {
  private static final int NUM_NODES = 210_000;
  private static final int HIDDEN = 1024;

  @TempDir private Path folder;

  private Path graph(String name, int numNodes) {
    Path directory = folder.resolve(name);
    GraphGenerator.PLANTED.generate(
        GeneratorOptions.of(numNodes, numNodes).withFeatures(8, FeatureType.FLOAT32).withClasses(4),
        directory,
        Progress.NONE);
    return directory;
  }

  @Test
  void aDriverScoresTenTimesTheNodesThatItsMemoryHolds() throws IOException {
    Path model = folder.resolve("model");
    try (GraphDataset few = GraphDataset.open(graph("few", 2000));
        GraphTrainer trainer =
            GraphTrainer.builder(few)
                .model(ModelKind.SAGE.of(HIDDEN, 2))
                .fanout(5, 5)
                .computeThreads(1)
                .device(DeviceChoice.CPU)
                .build()) {
      trainer.fit(1, TrainingListener.NONE);
      trainer.saveModel(model);
    }
    Path many = graph("many", NUM_NODES);
    Path scores = folder.resolve("scores");
    try (StandaloneCluster cluster =
        StandaloneCluster.start(folder.resolve("cluster"), List.of("0", "0"))) {
      List<String> args =
          List.of(
              many.toString(),
              model.toString(),
              scores.toString(),
              Integer.toString(NUM_NODES),
              Integer.toString(HIDDEN));
      cluster.drive(ScoredApart.class, "160m", args);
    }
    Path alone = folder.resolve("alone");
    try (GraphDataset data = GraphDataset.open(many);
        GraphInference inference =
            GraphInference.builder(data, ModelFile.read(model))
                .computeThreads(1)
                .device(DeviceChoice.CPU)
                .build()) {
      inference.run(alone, OutputOptions.PREDICTIONS, InferenceListener.NONE);
    }
    assertArrayEquals(
        Files.readAllBytes(alone.resolve("predictions.npy")),
        Files.readAllBytes(scores.resolve("predictions.npy")));
  }
}
