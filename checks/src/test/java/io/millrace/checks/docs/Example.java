package io.millrace.checks.docs;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.training.GraphTrainer;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import java.nio.file.Path;

/** README's example. */
final class Example {
  private Example() {}

  static Evaluation train(Path dir) {
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir);
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(GraphSage.of(64, 2)) // hidden, layers
                .fanout(15, 10) // neighbours per hop, next to the seeds first
                .batchSize(512)
                .build()) {
      for (int epoch = 0; epoch < 5; epoch++) {
        System.out.println(trainer.epoch());
      }
      return trainer.evaluate(Split.TEST);
    }
    // end of the example
  }
}
