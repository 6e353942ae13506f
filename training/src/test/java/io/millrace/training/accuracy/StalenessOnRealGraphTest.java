package io.millrace.training.accuracy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.ranks.Collective;
import io.millrace.ranks.InProcessCollective;
import io.millrace.ranks.params.Staleness;
import io.millrace.ranks.params.WorkerClocks;
import io.millrace.training.BatchProgress;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What staleness costs in steps and saves in time on a real graph whose ranks pause now and then.
 *
 * <p>Pinned reads depend neither on time nor on the number of ranks, so one rank computes the
 * weights that four have, and the production scheduler says under a virtual clock when four have
 * them: each step of a rank takes 10 ms, or 50 ms with a probability of .05. Epochs end with an
 * evaluation that waits for all.
 */
@Tag("exhaustive")
class StalenessOnRealGraphTest {
  private static final int RANKS = 4;
  private static final int EPOCHS = 8;
  private static final long SEED = 1;

  @TempDir private Path directory;

  /** After each epoch: mean loss of its steps, loss on the validation nodes, and milliseconds. */
  private record Point(double training, double valid, double accuracy, long millis) {}

  @ParameterizedTest
  @ValueSource(doubles = {0.003, 0.01})
  void stalenessSavesTimeAndCostsSteps(double learningRate, TestReporter reporter) {
    try (GraphDataset data =
        RealGraph.imported(directory, "facebook-pagepage", ImportOptions.defaults())) {
      List<List<Point>> curves = new ArrayList<>();
      for (int bound : new int[] {0, 1, 2, 4, 8}) {
        List<Point> curve = curve(data, bound, learningRate);
        curves.add(curve);
        reporter.publishEntry("staleness " + bound, text(curve));
      }
      long synchronous = curves.getFirst().getLast().millis;
      assertTrue(curves.get(2).getLast().millis < 0.87 * synchronous, "s = 2 saves time");
      assertTrue(curves.get(4).getLast().millis < 0.80 * synchronous, "s = 8 saves more");
      for (List<Point> curve : curves) {
        assertTrue(curve.getLast().accuracy > 0.8, "all learn: " + curve.getLast());
      }
      double first = curves.getFirst().getFirst().training;
      assertTrue(curves.get(4).getFirst().training > first, "s = 8 learns more slowly by steps");
    }
  }

  private static String text(List<Point> curve) {
    StringBuilder text = new StringBuilder();
    for (Point it : curve) {
      text.append(
          String.format(
              Locale.ROOT,
              "%.1f s: %.4f %.4f %.4f; ",
              it.millis / 1e3,
              it.training,
              it.valid,
              it.accuracy));
    }
    return text.toString();
  }

  private static List<Point> curve(GraphDataset data, int bound, double learningRate) {
    List<Point> curve = new ArrayList<>();
    Random random = new Random(SEED);
    int[] steps = new int[1];
    TrainingListener counting =
        new TrainingListener() {
          @Override
          public void batchDone(BatchProgress progress) {
            steps[0] = progress.numBatches();
          }
        };
    long millis = 0;
    try (Collective rank = InProcessCollective.alone();
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(GraphSage.of(32, 2))
                .fanout(10, 5)
                .evalFanout(10, 10)
                .batchSize(256)
                .learningRate(learningRate)
                .computeThreads(1)
                .collective(rank)
                .staleness(new Staleness(bound, Staleness.Read.PINNED))
                .build()) {
      for (int e = 0; e < EPOCHS; e++) {
        Evaluation training = trainer.epoch(counting).training();
        Evaluation valid = trainer.evaluate(Split.VALID);
        millis += millis(steps[0], bound, random);
        curve.add(new Point(training.loss(), valid.loss(), valid.accuracy(), millis));
      }
    }
    return curve;
  }

  private record End(long time, int rank) {}

  /** When the last rank has ended the last step of an epoch. */
  private static long millis(int numSteps, int bound, Random random) {
    long[][] costs = new long[numSteps][RANKS];
    for (long[] step : costs) {
      for (int r = 0; r < RANKS; r++) {
        step[r] = random.nextDouble() < 0.05 ? 50 : 10;
      }
    }
    WorkerClocks clocks = new WorkerClocks(RANKS, bound);
    boolean[] busy = new boolean[RANKS];
    PriorityQueue<End> ends = new PriorityQueue<>(Comparator.comparingLong(End::time));
    long now = 0;
    while (clocks.minimum() < numSteps) {
      for (int r = 0; r < RANKS; r++) {
        if (!busy[r] && clocks.of(r) < numSteps && clocks.mayBegin(r)) {
          busy[r] = true;
          ends.add(new End(now + costs[(int) clocks.of(r)][r], r));
        }
      }
      End end = ends.remove();
      now = end.time;
      busy[end.rank] = false;
      clocks.tick(end.rank);
    }
    return now;
  }
}
