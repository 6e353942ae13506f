package io.millrace.tuning.auto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.training.GraphTrainer;
import io.millrace.training.models.GraphSage;
import io.millrace.transfer.PipelineSettings;
import io.millrace.tuning.RandomGraph;
import java.util.ArrayList;
import java.util.List;
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
    try (GraphDataset data = RandomGraph.of(NUM_NODES, 1)) {
      long digest;
      try (GraphTrainer fixed = trainer(data, MOST_WORKERS, 8)) {
        digest = fixed.epoch().stats().batchesDigest();
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
      }
    }
  }

  private static String text(List<Decision> decisions) {
    return decisions.stream().map(Decision::text).toList().toString();
  }
}
