package io.millrace.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.generator.GeneratorOptions;
import io.millrace.datasets.generator.GraphGenerator;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README's model of one's own, as a user has it: outside Millrace, by public means alone. */
class OwnModelTest {
  @Test
  @Tag("exhaustive")
  void aModelOfOnesOwnIsTrainedSavedAndLoaded(@TempDir Path folder) {
    Path dir = folder.resolve("planted");
    Path saved = folder.resolve("model");
    GeneratorOptions options = GraphGenerator.PLANTED.defaults().withNodes(5000);
    GraphGenerator.PLANTED.generate(options, dir, Progress.NONE);
    MeanMax model = new MeanMax(64);
    try (GraphDataset data = GraphDataset.open(dir)) {
      FitResult result;
      try (GraphTrainer trainer =
          GraphTrainer.builder(data)
              .model(model)
              .batchSize(256)
              .learningRate(0.01)
              .saveTo(saved)
              .build()) {
        result = trainer.fit(10, TrainingListener.NONE);
        assertTrue(result.test().accuracy() > 0.7, result.toString());
      }
      ModelInfo info = ModelFile.read(saved).info();
      assertEquals(model, info.model());
      try (GraphTrainer trainer =
          GraphTrainer.builder(data).model(info.model()).batchSize(256).build()) {
        trainer.loadWeights(saved);
        assertEquals(result.test(), trainer.evaluate(Split.TEST));
      }
    }
  }
}
