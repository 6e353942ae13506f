package io.millrace.training.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.training.EpochReport;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.loss.ClassWeights;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.ConfusionMatrix;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.optim.Optimizer;
import io.millrace.training.optim.Schedule;
import io.millrace.transfer.PipelineSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Training by a loss, judged by a metric, on labels of either form. */
class ObjectiveTest {
  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  private static TrainerBuilder builder(GraphDataset data) {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(16, 2))
        .fanout(5, 5)
        .batchSize(128)
        .learningRate(0.01)
        .computeThreads(1);
  }

  private static FitResult fit(TrainerBuilder builder, int numEpochs) {
    try (GraphTrainer trainer = builder.build()) {
      return trainer.fit(numEpochs, TrainingListener.NONE);
    }
  }

  /** Classes 2 and 3 against 0 and 1, or, if the second is to be rare, against 0 alone. */
  private static GraphDataset twoClasses(boolean rare) {
    try (GraphDataset four = Planted.dataset()) {
      int[] labels = new int[Planted.NUM_NODES];
      for (int v = 0; v < labels.length; v++) {
        int label = four.labels().get(v);
        boolean second = rare ? label == 0 : label < 2;
        labels[v] = label == NodeLabels.UNLABELLED ? label : second ? 1 : 0;
      }
      return Planted.builder(FeatureType.FLOAT32).labels(NodeLabels.of(2, labels)).build();
    }
  }

  @Test
  void learnsSeveralLabelsOfANode() {
    try (GraphDataset data = Planted.severalLabels()) {
      FitResult result = fit(builder(data).metric(Metric.ROCAUC), 10);
      Evaluation test = result.test();
      assertTrue(result.testMetric() > 0.9, test.toString());
      assertEquals(test.rocAuc().orElseThrow(), result.testMetric());
      assertTrue(test.f1Micro() > 0.7 && test.f1Macro() > 0.7, test.toString());
      assertTrue(test.accuracy() > 0.85, test.toString());
      assertEquals(392, test.numNodes());
    }
  }

  @Test
  void severalLabelsKeepTheirFormInEveryNumberOfWorkers() {
    try (GraphDataset data = Planted.severalLabels()) {
      List<FitResult> results = new ArrayList<>();
      for (int workers : new int[] {1, 3}) {
        results.add(fit(builder(data).pipeline(PipelineSettings.defaults().workers(workers)), 2));
      }
      assertEquals(results.get(0).test(), results.get(1).test());
      assertEquals(results.get(0).batchesDigest(), results.get(1).batchesDigest());
    }
  }

  @Test
  void theMetricDecidesWhichEpochIsTheBest() {
    try (GraphDataset data = twoClasses(false)) {
      for (Metric metric : Metric.standard().subList(0, 4)) {
        FitResult result = fit(builder(data).learningRate(0.1).metric(metric), 8);
        double best = result.validations().stream().mapToDouble(metric::of).max().orElseThrow();
        assertEquals(best, result.validMetric(), metric.toString());
        assertEquals(
            result.bestEpoch(),
            result.validations().stream().map(metric::of).toList().indexOf(best),
            metric.toString());
      }
    }
  }

  @Test
  void stopsWhenItsPatienceEnds() {
    try (GraphDataset data = Planted.dataset()) {
      FitResult all = fit(builder(data).learningRate(0.1), 25);
      FitResult patient = fit(builder(data).learningRate(0.1).patience(3), 25);
      List<Double> valid = all.validations().stream().map(Metric.ACCURACY::of).toList();
      int best = 0;
      int epoch = 0;
      while (epoch < 25 && epoch - best <= 3) {
        best = valid.get(epoch) > valid.get(best) ? epoch : best;
        epoch++;
      }
      assertTrue(epoch < 25, "it never came to an end");
      assertEquals(epoch, patient.epochs().size());
      assertEquals(best, patient.bestEpoch());
      assertEquals(
          valid.subList(0, epoch),
          patient.validations().stream().map(Metric.ACCURACY::of).toList());
    }
  }

  @Test
  void balancedWeightsFindMoreOfARareClass() {
    try (GraphDataset data = twoClasses(true)) {
      ConfusionMatrix equal = confusion(builder(data));
      ConfusionMatrix balanced = confusion(builder(data).classWeights(ClassWeights.balanced()));
      assertTrue(balanced.count(1, 1) > equal.count(1, 1), equal + " " + balanced);
    }
  }

  private static ConfusionMatrix confusion(TrainerBuilder builder) {
    try (GraphTrainer trainer = builder.model(Mlp.of(16, 2)).build()) {
      trainer.epoch();
      trainer.epoch();
      return trainer.evaluate(Split.TEST).confusion().orElseThrow();
    }
  }

  @Test
  void oneClassANodeCanBeLearnedByBinaryCrossEntropyToo() {
    try (GraphDataset data = Planted.dataset()) {
      assertTrue(fit(builder(data).loss(Loss.BCE), 10).testMetric() > 0.8);
    }
  }

  @Test
  void withAllNeighboursTheEvaluationDoesNotDependOnTheSizeOfItsBatches() {
    try (GraphDataset data = Planted.dataset()) {
      List<Evaluation> found = new ArrayList<>();
      for (int size : new int[] {400, 400, 37, 1}) {
        try (GraphTrainer trainer = builder(data).evalFanout(-1, -1).evalBatchSize(size).build()) {
          trainer.epoch();
          found.add(trainer.evaluate(Split.TEST));
        }
      }
      assertEquals(found.get(0), found.get(1));
      for (Evaluation other : found) {
        assertEquals(found.get(0).accuracy(), other.accuracy());
        assertEquals(found.get(0).loss(), other.loss(), 1e-5);
      }
    }
  }

  @Test
  void theScheduleReachesTheReports() {
    try (GraphDataset data = Planted.dataset()) {
      Schedule schedule = new Schedule.Step(1, 0.5);
      List<Double> rates =
          fit(builder(data).schedule(schedule), 3).epochs().stream()
              .map(EpochReport::learningRate)
              .toList();
      assertEquals(List.of(0.01, 0.005, 0.0025), rates);
      assertNotEquals(
          fit(builder(data), 3).test().loss(),
          fit(builder(data).schedule(schedule), 3).test().loss());
    }
  }

  @Test
  void aPlateauOfTheMetricLowersTheRate() {
    try (GraphDataset data = Planted.dataset()) {
      Schedule schedule = new Schedule.Plateau(1, 0.5);
      FitResult result =
          fit(builder(data).schedule(schedule).learningRate(0.1).metric(Metric.F1_MACRO), 12);
      double rate = 0.1;
      double best = 0;
      for (int epoch = 0; epoch < 12; epoch++) {
        assertEquals(rate, result.epochs().get(epoch).learningRate(), 1e-12, "epoch " + epoch);
        double metric = result.validations().get(epoch).f1Macro();
        rate *= metric > best ? 1 : 0.5;
        best = Math.max(best, metric);
      }
      assertTrue(rate < 0.1, "no plateau: nothing was tested");
    }
  }

  @Test
  @Tag("exhaustive")
  void everyOptimizerLearnsAndAClippedGradientLearnsSlower() {
    try (GraphDataset data = Planted.dataset()) {
      for (Optimizer optimizer : List.of(Optimizer.adam(), Optimizer.adamW(), Optimizer.sgd(0.9))) {
        FitResult result = fit(builder(data).optimizer(optimizer).learningRate(0.02), 10);
        assertTrue(result.testMetric() > 0.75, optimizer + ": " + result.test());
      }
      TrainerBuilder slow = builder(data).optimizer(Optimizer.sgd(0)).learningRate(0.02);
      double free = fit(slow, 2).epochs().getLast().training().loss();
      double clipped = fit(slow.clipNorm(1e-3), 2).epochs().getLast().training().loss();
      assertTrue(clipped > free + 0.01, clipped + " " + free);
    }
  }

  @Test
  void rejectsALossOrAMetricThatDoesNotFitTheLabels() {
    try (GraphDataset four = Planted.dataset();
        GraphDataset several = Planted.severalLabels()) {
      assertRejected(
          "cross-entropy needs one class per node, use BCE for several labels: dataset=planted",
          builder(several).loss(Loss.CROSS_ENTROPY));
      assertRejected(
          "ROC AUC needs two classes or several labels: dataset=planted, numClasses=4",
          builder(four).metric(Metric.ROCAUC));
      assertRejected(
          "need one weight per class: weights=2, numClasses=4",
          builder(four).classWeights(ClassWeights.of(1, 2)));
    }
    BadInputException e = assertThrows(BadInputException.class, () -> ClassWeights.of(1, 0));
    assertEquals("class weight must be positive: class=1, weight=0.0", e.getMessage());
  }

  private static void assertRejected(String message, TrainerBuilder builder) {
    BadInputException e = assertThrows(BadInputException.class, builder::build);
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @Test
  void aSplitOfOneAnswerIsNoticedBeforeTheTraining() {
    int[] labels = new int[Planted.NUM_NODES];
    Arrays.setAll(labels, v -> v < 800 ? v % 2 : 1);
    try (GraphDataset data =
            Planted.builder(FeatureType.FLOAT32).labels(NodeLabels.of(2, labels)).build();
        GraphTrainer trainer = builder(data).metric(Metric.ROCAUC).build()) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> trainer.fit(1, TrainingListener.NONE));
      assertEquals(
          "ROC AUC needs nodes of both answers: dataset=planted, split=test", e.getMessage());
    }
  }
}
