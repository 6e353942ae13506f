package io.millrace.training.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.EdgeAttributes;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.links.TimeSplit;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.TimeRule;
import io.millrace.sampler.link.Negatives;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.SharedTraining;
import io.millrace.training.StopAt;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.models.Gcn;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.WeightedGcn;
import io.millrace.training.nn.Norm;
import io.millrace.transfer.DeviceChoice;
import io.millrace.transfer.PipelineSettings;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimedLinkPredictionTest {
  private static final int NUM_NODES = 200;
  private static final int NUM_EVENTS = 4000;
  private static final int DIM = 16;

  @TempDir private Path directory;
  private GraphDataset data;

  @BeforeEach
  void write() {
    data = events(NUM_EVENTS);
  }

  /**
   * Each node writes to one of three partners, which change in the middle; features are random.
   *
   * @param known the events from this one on are others
   */
  private static GraphDataset events(int known) {
    Random random = new Random(1);
    Random other = new Random(2);
    List<List<int[]>> rows = new ArrayList<>(); // source, event
    for (int v = 0; v < NUM_NODES; v++) {
      rows.add(new ArrayList<>());
    }
    for (int i = 0; i < NUM_EVENTS; i++) {
      int src = random.nextInt(NUM_NODES / 2);
      int partner = (src * 7 + random.nextInt(3) * 31 + (i < NUM_EVENTS / 2 ? 0 : 17)) % 100;
      if (i >= known) {
        src = other.nextInt(NUM_NODES / 2);
        partner = other.nextInt(NUM_NODES / 2);
      }
      rows.get(100 + partner).add(new int[] {src, i});
      rows.get(src).add(new int[] {100 + partner, i});
    }
    long[] indptr = new long[NUM_NODES + 1];
    int[] indices = new int[2 * NUM_EVENTS];
    long[] times = new long[indices.length];
    for (int v = 0; v < NUM_NODES; v++) {
      indptr[v + 1] = indptr[v];
      for (int[] edge : rows.get(v)) {
        indices[(int) indptr[v + 1]] = edge[0];
        times[(int) indptr[v + 1]++] = edge[1];
      }
    }
    float[] weights = new float[times.length];
    Arrays.fill(weights, 1);
    float[] features = new float[NUM_NODES * DIM];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian() / 2;
    }
    return GraphDataset.builder("events", CsrGraph.of(indptr, indices))
        .features(FeatureMatrix.of(DIM, features))
        .edges(
            EdgeAttributes.NONE
                .withTimes(MemorySegment.ofArray(times))
                .withWeights(MemorySegment.ofArray(weights)))
        .build();
  }

  @AfterEach
  void close() {
    data.close();
  }

  private TrainerBuilder builder(LinkObjective objective) {
    return builder(data, objective);
  }

  private static TrainerBuilder builder(GraphDataset data, LinkObjective objective) {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(32, 1).norm(Norm.NONE).dropout(0))
        .links(objective.dim(32))
        .fanout(8)
        .evalFanout(8)
        .draw(Draw.latest())
        .batchSize(128)
        .learningRate(0.01)
        .computeThreads(1)
        .device(DeviceChoice.CPU)
        .seed(5);
  }

  private static LinkObjective byTime() {
    return LinkObjective.byTime(TimeSplit.DEFAULT);
  }

  /** With degrees and running statistics, which could see the future, too. */
  private static TrainerBuilder normalised(GraphDataset data) {
    return builder(data, byTime())
        .model(Gcn.of(8, 2).norm(Norm.BATCH).dropout(0))
        .fanout(3, 3)
        .evalFanout(3, 3)
        .draw(Draw.uniform())
        .virtualNodes(2);
  }

  private static FitResult fit(TrainerBuilder builder, int epochs) {
    try (GraphTrainer trainer = builder.build()) {
      return trainer.fit(epochs, TrainingListener.NONE);
    }
  }

  @Test
  void learnsWhoIsWrittenToNext() {
    FitResult result = fit(builder(byTime()), 8);
    assertTrue(result.testMetric() > 0.85, () -> "test: " + result.test());
    assertEquals(2 * 600, result.test().numNodes());
  }

  @Test
  void batchesAndLossesDoNotDependOnTheWorkers() {
    FitResult one = fit(builder(byTime()).pipeline(PipelineSettings.defaults().workers(1)), 1);
    for (int workers : new int[] {2, 8}) {
      PipelineSettings more = PipelineSettings.defaults().workers(workers);
      FitResult several = fit(builder(byTime()).pipeline(more), 1);
      assertEquals(one.batchesDigest(), several.batchesDigest());
      assertEquals(one.test(), several.test());
    }
  }

  /** The test's events are the last 15 %. */
  @Test
  @Tag("exhaustive")
  void validationsDoNotDependOnEventsOfTheTest() {
    FitResult expected = fit(normalised(data), 1);
    try (GraphDataset changed = events(NUM_EVENTS * 85 / 100)) {
      FitResult found = fit(normalised(changed), 1);
      assertEquals(expected.batchesDigest(), found.batchesDigest());
      assertEquals(expected.validations(), found.validations());
      assertNotEquals(expected.test(), found.test());
    }
  }

  @Test
  void sharedByRanksItIsThatOfOneProcess() {
    FitResult expected = fit(normalised(data), 1);
    for (SharedTraining.End<FitResult> end :
        SharedTraining.inProcess(2, rank -> fit(normalised(data).collective(rank), 1))) {
      assertEquals(expected.batchesDigest(), end.get().batchesDigest());
      assertEquals(expected.validations(), end.get().validations());
      assertEquals(expected.test(), end.get().test());
    }
  }

  @Test
  void resumesInTheMiddleOfAnEpoch() {
    FitResult whole = fit(builder(byTime()).saveTo(directory.resolve("whole")), 2);
    Path saved = directory.resolve("parts");
    TrainerBuilder parts = builder(byTime()).saveTo(saved).checkpointEvery(3);
    try (GraphTrainer trainer = parts.build()) {
      assertThrows(IllegalStateException.class, () -> trainer.fit(2, new StopAt(1, 4)));
    }
    FitResult resumed = fit(parts.resumeFrom(saved), 2);
    assertEquals(whole.test(), resumed.test());
    assertEquals(whole.batchesDigest(), resumed.batchesDigest());
    TrainerBuilder window = builder(byTime()).times(TimeRule.before().window(9));
    assertTrue(message(window.resumeFrom(saved)).startsWith("checkpoint is of another times"));
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertEquals(
        "until its own time, a link sees itself: take before: times=until",
        message(builder(byTime()).times(TimeRule.before().until(true))));
    Negatives uniform = Negatives.destination().kind(Negatives.Kind.UNIFORM);
    assertEquals(
        "links by time have strict negatives with another destination: negatives=UNIFORM,"
            + " strict=true",
        message(builder(byTime().negatives(uniform))));
    assertEquals(
        "this draw does not go with times: draw=labor",
        message(builder(byTime()).draw(Draw.labor())));
    assertEquals(
        "sums of weights are those of the whole graph, not at a time: times=before",
        message(builder(byTime()).model(WeightedGcn.of(8, 1))));
    assertEquals(
        "links by time are never seen by their batch: excludeTargets=false",
        assertThrows(BadInputException.class, () -> byTime().excludeTargets(false)).getMessage());
    assertEquals(
        "rules of time need links by time, or a draw by time: times=before, window=3,"
            + " draw=uniform",
        message(
            GraphTrainer.builder(data)
                .model(GraphSage.of(8, 1))
                .device(DeviceChoice.CPU)
                .times(TimeRule.before().window(3))));
  }

  private static String message(TrainerBuilder builder) {
    return assertThrows(BadInputException.class, builder::build).getMessage();
  }
}
