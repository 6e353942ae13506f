package io.millrace.tuning.auto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.training.EpochReport;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.models.GraphSage;
import io.millrace.transfer.PipelineSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Adjusts real trainings whose sampling is slow because it sleeps. */
@Tag("exhaustive")
@Timeout(300)
class AutoTuningTest {
  private static final String INJECTED = "millrace.inject";
  private static final int MOST_WORKERS = 4;

  private static final int NUM_NODES = 12_000;
  private static final int DEGREE = 5;

  @BeforeEach
  void slowDown() {
    System.setProperty(INJECTED, "sample:idle:60ms");
  }

  @AfterEach
  void endIt() {
    System.clearProperty(INJECTED);
  }

  private static GraphTrainer trainer(GraphDataset data, int workers, int slots) {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(8, 2))
        .fanout(3, 3)
        .batchSize(16)
        .pipeline(PipelineSettings.defaults().workers(workers).slots(slots))
        .computeThreads(1)
        .build();
  }

  @Test
  void reachesTheMostWorkersThatPayFromOneAndDoesNotChangeABatch() {
    try (GraphDataset data = data()) {
      long digest;
      double best;
      try (GraphTrainer fixed = trainer(data, MOST_WORKERS, 8)) {
        EpochReport report = fixed.epoch();
        digest = report.stats().batchesDigest();
        best = report.batchesPerSecond();
      }
      try (GraphTrainer adjusted = trainer(data, 1, 1)) {
        List<Decision> decisions = new ArrayList<>();
        Limits limits = new Limits(MOST_WORKERS + 1, 1, 1e9);
        AutoTuning auto = AutoTuning.of(adjusted, limits, decisions::add);
        assertEquals(digest, adjusted.epoch(auto).stats().batchesDigest());
        adjusted.epoch(auto);
        assertEquals(auto.decisions(), decisions);
        assertTrue(decisions.stream().filter(Decision::kept).count() >= 3, text(decisions));
        assertEquals(MOST_WORKERS, auto.size().workers(), text(decisions));

        adjusted.pipelineSize().resize(auto.size().workers(), auto.size().slots());
        double reached = adjusted.epoch(TrainingListener.NONE).batchesPerSecond();
        assertTrue(reached >= .95 * best, reached + " of " + best + text(decisions));
      }
    }
  }

  private static String text(List<Decision> decisions) {
    return decisions.stream().map(Decision::text).toList().toString();
  }

  /** A random graph; the labels are the classes that its features tell. */
  private static GraphDataset data() {
    SplittableRandom random = new SplittableRandom(5);
    long[] indptr = LongStream.rangeClosed(0, NUM_NODES).map(v -> v * DEGREE).toArray();
    int[] indices = random.ints((long) NUM_NODES * DEGREE, 0, NUM_NODES).toArray();
    int[] labels = random.ints(NUM_NODES, 0, 2).toArray();
    float[] features = new float[NUM_NODES];
    for (int v = 0; v < NUM_NODES; v++) {
      features[v] = labels[v];
    }
    return GraphDataset.builder("random", CsrGraph.of(indptr, indices))
        .features(FeatureMatrix.of(1, features))
        .labels(NodeLabels.of(2, labels))
        .split(Split.TRAIN, IntStream.range(0, NUM_NODES).toArray())
        .build();
  }
}
