package io.millrace.training.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.datasets.links.LinkSplit;
import io.millrace.datasets.links.NodePairs;
import io.millrace.sampler.link.Negatives;
import io.millrace.slicing.cache.CacheSettings;
import io.millrace.slicing.cache.FeatureCacheReport;
import io.millrace.training.EpochReport;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.StopAt;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.link.PairScorer;
import io.millrace.training.link.PairScores;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.Norm;
import io.millrace.transfer.DeviceChoice;
import io.millrace.transfer.PipelineSettings;
import io.millrace.transfer.trace.Stage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkPredictionTest {
  private static final int NUM_NODES = LinkedGroups.NUM_NODES;

  @TempDir private Path directory;
  private GraphDataset data;
  private HeldOutLinks links;

  @BeforeEach
  void split() {
    Path out = LinkedGroups.write(directory);
    data = GraphDataset.open(out);
    links = HeldOutLinks.read(out, NUM_NODES);
  }

  @AfterEach
  void close() {
    data.close();
  }

  private TrainerBuilder builder(LinkObjective objective) {
    return LinkedGroups.trainer(data, objective);
  }

  private FitResult fit(TrainerBuilder builder, int epochs) {
    try (GraphTrainer trainer = builder.build()) {
      return trainer.fit(epochs, TrainingListener.NONE);
    }
  }

  @Test
  void learnsWhichNodesAreLinked() {
    FitResult result = fit(builder(LinkObjective.of(links)), 8);
    assertEquals(Metric.ROCAUC, result.metric());
    assertTrue(result.testMetric() > 0.85, () -> "test: " + result.test());
    assertEquals(2 * links.test().positives().size(), result.test().numNodes());
    assertTrue(result.test().link().orElseThrow().averagePrecision() > 0.8);
    assertTrue(
        result.epochs().getLast().training().loss() < result.epochs().getFirst().training().loss());
  }

  @Test
  void aBatchMayBeLargerThanAllLinks() {
    Negatives inBatch = Negatives.destination().kind(Negatives.Kind.IN_BATCH);
    TrainerBuilder whole =
        builder(LinkObjective.of(links).negatives(inBatch)).batchSize(Integer.MAX_VALUE);
    try (GraphTrainer trainer = whole.evalBatchSize(256).build()) {
      assertEquals(1, trainer.position().numBatches());
    }
  }

  @Test
  @Tag("exhaustive")
  void learnsByInBatchSoftmaxAndByUniformNegatives() {
    Negatives inBatch = Negatives.destination().kind(Negatives.Kind.IN_BATCH);
    Negatives uniform = Negatives.destination().kind(Negatives.Kind.UNIFORM).perPositive(3);
    for (Negatives negatives : new Negatives[] {inBatch, uniform}) {
      FitResult result = fit(builder(LinkObjective.of(links).negatives(negatives)), 8);
      assertTrue(result.testMetric() > 0.8, () -> negatives + ": " + result.test());
    }
  }

  @Test
  void batchesAndLossesDoNotDependOnTheWorkers() {
    LinkObjective objective = LinkObjective.of(links);
    FitResult one = fit(builder(objective).pipeline(PipelineSettings.defaults().workers(1)), 2);
    FitResult three = fit(builder(objective).pipeline(PipelineSettings.defaults().workers(3)), 2);
    assertEquals(one.batchesDigest(), three.batchesDigest());
    assertEquals(one.test(), three.test());
  }

  @Test
  void resumesInTheMiddleOfAnEpoch() {
    LinkObjective objective = LinkObjective.of(links);
    FitResult whole = fit(builder(objective).saveTo(directory.resolve("whole")), 3);
    Path saved = directory.resolve("parts");
    TrainerBuilder parts = builder(objective).saveTo(saved).checkpointEvery(3);
    try (GraphTrainer trainer = parts.build()) {
      assertThrows(IllegalStateException.class, () -> trainer.fit(3, new StopAt(1, 4)));
    }
    FitResult resumed = fit(parts.resumeFrom(saved), 3);
    assertEquals(whole.test(), resumed.test());
    assertEquals(whole.validations(), resumed.validations());
    assertEquals(whole.batchesDigest(), resumed.batchesDigest());
    assertTrue(ModelFile.read(saved).info().links());
  }

  @Test
  void doesNotResumeTheTrainingOfAnotherTask() {
    Path saved = directory.resolve("saved");
    fit(builder(LinkObjective.of(links)).saveTo(saved), 1);
    LinkObjective lenient =
        LinkObjective.of(links).negatives(Negatives.destination().strict(false));
    BadInputException error =
        assertThrows(BadInputException.class, () -> builder(lenient).resumeFrom(saved).build());
    assertTrue(
        error.getMessage().startsWith("checkpoint is of another objective"), error.getMessage());
  }

  @Test
  @Tag("exhaustive")
  void aModelThatSeesTheTargetsLooksThemUp() {
    LinkObjective honest = LinkObjective.of(links);
    FitResult hidden = fit(builder(honest).fanout(-1, -1), 8);
    FitResult seen = fit(builder(honest.excludeTargets(false)).fanout(-1, -1), 8);
    double hiddenAuc = hidden.epochs().getLast().training().rocAuc().orElseThrow();
    double seenAuc = seen.epochs().getLast().training().rocAuc().orElseThrow();
    assertTrue(seenAuc > hiddenAuc, () -> seenAuc + " with targets, " + hiddenAuc + " without");
    assertTrue(seen.testMetric() < seenAuc);
  }

  @Test
  void aMatchingWithConstantFeaturesTellsNothing() {
    int n = 40;
    long[] indptr = new long[n + 1];
    int[] indices = new int[n];
    for (int v = 0; v < n; v++) {
      indptr[v + 1] = v + 1;
      indices[v] = v ^ 1;
    }
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    GraphDataset.Builder matching =
        GraphDataset.builder("matching", CsrGraph.of(indptr, indices))
            .features(FeatureMatrix.of(1, ones));
    try (GraphDataset graph = matching.build();
        GraphTrainer trainer =
            GraphTrainer.builder(graph)
                .model(GraphSage.of(4, 2).norm(Norm.NONE).dropout(0))
                .links(LinkObjective.of(new LinkSplit(0.2, 0.2, 1, 0).heldOut(graph)))
                .computeThreads(1)
                .device(DeviceChoice.CPU)
                .build()) {
      EpochReport report = trainer.epoch();
      assertEquals(0.5, report.training().rocAuc().orElseThrow());
      assertEquals(0, report.stats().numEdges());
    }
  }

  /** The dataset has no labels, so that nothing can be taken from training nodes. */
  @Test
  void aFeatureCacheKeepsRowsOfSeedsAndNeighboursAndChangesNothing() {
    data.close();
    data = GraphDataset.open(directory.resolve("links"), StorageMode.MAPPED);
    LinkObjective objective = LinkObjective.of(links);
    FitResult expected = fit(builder(objective).fanout(2, 1).batchSize(32), 1);
    int rowBytes = data.features().rowBytes();
    CacheSettings half = CacheSettings.of(NUM_NODES / 2 * rowBytes + 12 * (NUM_NODES / 64 + 1));
    TrainerBuilder cached = builder(objective).fanout(2, 1).batchSize(32).featureCache(half);
    try (GraphTrainer trainer = cached.build()) {
      FitResult found = trainer.fit(1, TrainingListener.NONE);
      assertEquals(expected.batchesDigest(), found.batchesDigest());
      assertEquals(expected.test(), found.test());
      FeatureCacheReport report = trainer.featureCache().orElseThrow();
      assertTrue(report.rows() >= NUM_NODES / 2, () -> "rows: " + report);
      assertEquals(report.measuredHitShare(), report.predictedHitShare(), 0.05);
    }
  }

  @Test
  void evaluationsAndPredictionsAreInTheTrace() {
    try (GraphTrainer trainer = builder(LinkObjective.of(links)).evalBatchSize(50).build()) {
      trainer.predict(IntStream.range(0, 120).toArray());
      assertEquals(3, trainer.trace().metrics().total(Stage.EVALUATE).count());
      trainer.evaluate(Split.TEST);
      assertTrue(trainer.trace().metrics().total(Stage.EVALUATE).count() > 3);
    }
  }

  @Test
  void evaluatesAsThePredictionsSay() {
    try (GraphTrainer trainer = builder(LinkObjective.of(links)).evalFanout(-1, -1).build()) {
      trainer.epoch();
      Evaluation evaluation = trainer.evaluate(Split.TEST);
      int[] nodes = links.test().nodes();
      PairScores scores =
          new PairScores(nodes, 16, trainer.predict(nodes).logits(), PairScorer.dot(16));
      assertEquals(
          evaluation.rocAuc().getAsDouble(),
          scores.evaluate(links.test(), Metric.ROCAUC).rocAuc().getAsDouble(),
          1e-6);
    }
  }

  @Test
  void refusesWhatDoesNotFitTheTask() {
    LinkObjective objective = LinkObjective.of(links);
    assertEquals(
        "loss and class weights of nodes do not fit link prediction: loss=BCE, weights=Equal[]",
        assertThrows(BadInputException.class, () -> builder(objective).loss(Loss.BCE).build())
            .getMessage());
    HeldOutLinks none =
        new HeldOutLinks(new HeldOutLinks.Part(NodePairs.of(), NodePairs.of()), links.test());
    BadInputException error =
        assertThrows(BadInputException.class, () -> fit(builder(LinkObjective.of(none)), 1));
    assertEquals("split has no held-out links: dataset=groups, split=valid", error.getMessage());
  }
}
