package io.millrace.training.parallel;

import io.millrace.datasets.GraphDataset;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Norm;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A training for ranks to share, small enough to be compared with that of one process. */
abstract class RanksFixture {
  static final GraphModel NORMALISED = GraphSage.of(8, 2).norm(Norm.BATCH).dropout(0.3);

  private final OpenResources open = new OpenResources();
  final GraphDataset data = Planted.dataset();
  @TempDir Path directory;

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  /** 392 seeds: three steps of 129, and one of 5, which is fewer than virtual nodes. */
  final TrainerBuilder builder(GraphModel model) {
    return GraphTrainer.builder(data)
        .model(model)
        .fanout(4, 3)
        .evalFanout(4, 3)
        .batchSize(129)
        .virtualNodes(8)
        .learningRate(0.02)
        .computeThreads(1);
  }

  static FitResult fit(TrainerBuilder builder, int numEpochs) {
    return fit(builder, numEpochs, TrainingListener.NONE);
  }

  static FitResult fit(TrainerBuilder builder, int numEpochs, TrainingListener listener) {
    try (GraphTrainer trainer = builder.build()) {
      return trainer.fit(numEpochs, listener);
    }
  }
}
