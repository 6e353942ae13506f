package io.millrace.checks.docs;

import ai.djl.ndarray.NDArray;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.GraphSage;
import io.millrace.training.optim.Schedule;
import java.nio.file.Path;
import java.util.Optional;

/** A user's own loss, metric and schedule: the page your-own-objective. */
final class OwnObjective {
  private OwnObjective() {}

  // begin of the example
  /** Nodes that are predicted well count less (Lin et al., "Focal Loss", ICCV 2017). */
  public record Focal(double gamma) implements Loss {
    @Override
    public boolean fits(AnswerKind kind) {
      return kind == AnswerKind.CLASSES;
    }

    @Override
    public NDArray terms(NDArray output, NDArray answers) {
      NDArray crossEntropy = CROSS_ENTROPY.terms(output, answers); // -log p
      return crossEntropy.neg().exp().neg().add(1).pow(gamma).mul(crossEntropy);
    }
  }

  // end of the example

  // begin of the example
  /** Share of the nodes whose class is among the k largest logits. */
  public record TopK(int k) implements Metric {
    @Override
    public String key() {
      return "top_" + k;
    }

    @Override
    public boolean fits(AnswerKind kind) {
      return kind == AnswerKind.CLASSES;
    }

    @Override
    public Optional<Meter> newMeter() {
      return Optional.of(
          new Meter() {
            private long hits;
            private long all;

            @Override
            public void add(float[] output, float[] answers) {
              int larger = 0;
              for (float logit : output) {
                larger += logit > output[(int) answers[0]] ? 1 : 0;
              }
              hits += larger < k ? 1 : 0;
              all++;
            }

            @Override
            public double value() {
              return hits / (double) all;
            }
          });
    }
  }

  // end of the example

  // begin of the example
  /** From 1 to 0 along a power of the epochs that are left. */
  public record Polynomial(int numEpochs, double power) implements Schedule {
    @Override
    public double factor(long step, int stepsPerEpoch) {
      return Math.pow(Math.max(0, 1 - step / ((double) numEpochs * stepsPerEpoch)), power);
    }
  }

  // end of the example

  static FitResult train(Path dir, Path saved) {
    // begin of the example
    try (GraphDataset data = GraphDataset.open(dir);
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(GraphSage.of(64, 2))
                .loss(new Focal(2))
                .metric(new TopK(3))
                .schedule(new Polynomial(10, 0.9))
                .saveTo(saved)
                .build()) {
      return trainer.fit(10, TrainingListener.NONE);
    }
    // end of the example
  }
}
