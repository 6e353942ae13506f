package io.millrace.checks.docs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.links.LinkSplit;
import io.millrace.sampler.SampledBatch;
import io.millrace.sweeps.SweepResult;
import io.millrace.sweeps.pipeline.StepReport;
import io.millrace.training.FitResult;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ObjectiveText;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the examples that the pages show. */
class ExamplesTest {
  @TempDir static Path folder;
  private static Path dir;

  @BeforeAll
  static void makeAGraph() {
    dir = folder.resolve("planted");
    StandIns.planted(dir, 5000);
  }

  @Test
  void trainsFromCode() {
    Evaluation test = Example.train(dir);

    assertTrue(test.accuracy() > 0.7, test.toString());
  }

  @Test
  @Tag("exhaustive")
  void fitsAndThenInfers(@TempDir Path saved, @TempDir Path work) {
    FitResult result = Examples.fit(dir, saved);
    assertTrue(result.test().accuracy() > 0.7, result.toString());

    FitResult resumed = Examples.resume(dir, saved);
    assertEquals(15, resumed.epochs().size());
    assertEquals(result.epochs(), resumed.epochs().subList(0, result.epochs().size()));
    assertEquals(0.001, resumed.epochs().getLast().learningRate());

    double sum = Examples.infer(dir, saved, work.resolve("inference"));

    assertTrue(sum > 0 && sum < 5000, "sum of probabilities of 5000 nodes: " + sum);
  }

  @Test
  @Tag("exhaustive")
  void trainsInALoopOfOnesOwn(@TempDir Path saved, @TempDir Path work) {
    Evaluation test = Examples.ownEpochs(dir, saved, work.resolve("inference"));

    assertTrue(test.accuracy() > 0.7, test.toString());
    assertEquals(GraphSage.of(64, 2), ModelFile.read(saved).info().model());
  }

  @Test
  void keepsTheHottestRowsInMemory() {
    assertEquals(1, Examples.featureCache(dir).orElseThrow().measuredHitShare());
  }

  @Test
  @Tag("exhaustive")
  void predictsLinks(@TempDir Path parent) {
    Path links = parent.resolve("links");
    try (GraphDataset data = GraphDataset.open(dir)) {
      LinkSplit.DEFAULT.write(data, links);
    }
    double auc = Examples.links(links).rocAuc().orElseThrow();

    assertTrue(auc > 0.55, "AUC " + auc);
  }

  @Test
  @Tag("exhaustive")
  void trainsByAnOwnLossMetricAndSchedule(@TempDir Path saved) {
    FitResult result = OwnObjective.train(dir, saved);

    assertTrue(result.testMetric() > 0.9, "top 3: " + result.testMetric());
    ObjectiveText text = ModelFile.read(saved).info().objective();
    assertEquals(Optional.of(new OwnObjective.Focal(2)), text.findLoss(AnswerKind.CLASSES));
    assertEquals(Optional.of(new OwnObjective.TopK(3)), text.findMetric(AnswerKind.CLASSES));
  }

  @Test
  @Tag("exhaustive")
  void searchesForTheBestSettings(@TempDir Path folder) throws IOException {
    Path space = folder.resolve("space.yaml");
    Files.writeString(space, "lr: {log: [1e-3, 1e-1]}\nhidden: [8, 16]\n");

    SweepResult result = Examples.sweep(dir, space, folder.resolve("sweep"));

    assertTrue(result.bestValid() > 0.7, "accuracy " + result.bestValid());
    assertTrue(result.epochs() < 9 * 9, result.epochs() + " epochs");
  }

  @Test
  void runsStepsInOneProcess(@TempDir Path folder) throws IOException {
    Path edges = Files.writeString(folder.resolve("edges.csv"), "0,1\n1,2\n");
    Path data = folder.resolve("data");
    Path record = folder.resolve("record.json");
    for (boolean first : new boolean[] {true, false}) {
      for (StepReport report : Examples.steps(edges, data, folder.resolve("model"), record)) {
        assertEquals(first, report.plan().runs(), report.plan().step().name());
      }
    }
  }

  @Test
  @Tag("exhaustive")
  void printsWhereTheTimeGoes() {
    Examples.metrics(dir);
  }

  @Test
  void adjustsATraining() {
    Examples.adjustedTraining(dir);
  }

  @Test
  void trainsABlockOfDjl() {
    try (GraphDataset data = GraphDataset.open(dir)) {
      double accuracy = OwnLoop.train(data);

      assertTrue(accuracy > 0.7, "accuracy " + accuracy);
    }
  }

  @Test
  void imports(@TempDir Path tables) throws IOException {
    StandIns.makeIn(tables);
    Path imported = tables.resolve("data/imported");

    Examples.importEdges(tables.resolve("payments.csv.gz"), imported);

    try (GraphDataset data = GraphDataset.open(imported)) {
      assertEquals(60, data.graph().numNodes());
    }
  }

  @Test
  void samples() {
    try (GraphDataset data = GraphDataset.open(dir)) {
      SampledBatch batch = Examples.sample(data);

      assertEquals(2, batch.numSeeds());
      assertArrayEquals(new int[] {7, 42}, new int[] {batch.nodes()[0], batch.nodes()[1]});
    }
  }
}
