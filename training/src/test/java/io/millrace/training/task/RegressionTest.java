package io.millrace.training.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import io.millrace.training.StopAt;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.OutputOptions;
import io.millrace.training.loss.ClassWeights;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.training.metrics.Scores;
import io.millrace.training.metrics.TargetFigures;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.optim.Schedule;
import io.millrace.training.scoring.NodeScorer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two targets: the share of a node's neighbours in class 0, and a value of its own class. */
class RegressionTest {
  private static final int COLUMNS = 2;

  @TempDir private Path folder;
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = planted();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  private static GraphDataset planted() {
    try (GraphDataset four = Planted.dataset()) {
      float[] targets = new float[Planted.NUM_NODES * COLUMNS];
      for (int v = 0; v < Planted.NUM_NODES; v++) {
        int[] row = row(four, v);
        long zeros = Arrays.stream(row).filter(u -> four.labels().get(u) == 0).count();
        targets[2 * v] = row.length == 0 ? Float.NaN : (float) zeros / row.length;
        targets[2 * v + 1] = v % 50 == 0 ? Float.NaN : four.labels().get(v);
      }
      return Planted.builder(FeatureType.FLOAT32).targets(targets, COLUMNS).build();
    }
  }

  private static int[] row(GraphDataset data, int v) {
    long start = data.graph().rowStart(v);
    int[] row = new int[data.graph().degree(v)];
    Arrays.setAll(row, i -> data.graph().neighbor(start + i));
    return row;
  }

  private TrainerBuilder builder() {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(16, 2))
        .fanout(5, 5)
        .batchSize(128)
        .learningRate(0.02)
        .computeThreads(1)
        .regression();
  }

  private static FitResult fit(TrainerBuilder builder, int numEpochs) {
    try (GraphTrainer trainer = builder.build()) {
      return trainer.fit(numEpochs, TrainingListener.NONE);
    }
  }

  @Test
  void learnsTargetsThatTheNeighboursTell() {
    FitResult graph = fit(builder().loss(Loss.HUBER), 12);
    FitResult alone = fit(builder().model(Mlp.of(16, 2)), 12);
    assertEquals(Metric.R2, graph.metric());
    assertTrue(graph.testMetric() > 0.5, graph.test().toString());
    assertTrue(graph.testMetric() > alone.testMetric() + 0.1, alone.test().toString());
    assertEquals(400, graph.test().numNodes());
  }

  @Test
  void figuresAreThoseOfTheWholeSplitHoweverItIsBatched() {
    try (GraphTrainer trainer = builder().evalFanout(-1, -1).evalBatchSize(37).build()) {
      trainer.epoch();
      TargetFigures found = trainer.evaluate(Split.TEST).targets().orElseThrow();
      int[] nodes = data.nodes(Split.TEST);
      float[] predicted = trainer.predict(nodes).logits();
      double r2 = 0;
      double squares = 0;
      long known = 0;
      for (int c = 0; c < COLUMNS; c++) {
        double sum = 0;
        double count = 0;
        for (int v : nodes) {
          float y = data.targets().target(v, c);
          sum += Float.isNaN(y) ? 0 : y;
          count += Float.isNaN(y) ? 0 : 1;
        }
        double residual = 0;
        double spread = 0;
        for (int i = 0; i < nodes.length; i++) {
          double y = data.targets().target(nodes[i], c);
          if (!Double.isNaN(y)) {
            residual += Math.pow(y - predicted[COLUMNS * i + c], 2);
            spread += Math.pow(y - sum / count, 2);
          }
        }
        r2 += (1 - residual / spread) / COLUMNS;
        squares += residual;
        known += (long) count;
      }
      assertEquals(r2, found.r2().orElseThrow(), 1e-5);
      assertEquals(Math.sqrt(squares / known), found.rmse(), 1e-5);
    }
  }

  @Test
  void theLowestErrorIsTheBestEpochAndEndsThePatience() {
    FitResult result =
        fit(builder().metric(Metric.RMSE).learningRate(0.2).patience(2).loss(Loss.MAE), 20);
    List<Double> errors = result.validations().stream().map(Metric.RMSE::of).toList();
    double least = errors.stream().mapToDouble(it -> it).min().orElseThrow();
    assertEquals(least, result.validMetric());
    assertEquals(errors.indexOf(least), result.bestEpoch());
    assertTrue(errors.size() < 20, "it never came to an end");
    assertEquals(result.bestEpoch() + 3, errors.size());
  }

  @Test
  void resumesInTheMiddleOfAnEpochWithTheSameBits() {
    TrainerBuilder builder = builder().schedule(new Schedule.Plateau(1, 0.5)).metric(Metric.MAE);
    FitResult whole = fit(builder.saveTo(folder.resolve("whole")), 3);
    Path parts = folder.resolve("parts");
    try (GraphTrainer trainer = builder.saveTo(parts).checkpointEvery(1).build()) {
      assertThrows(IllegalStateException.class, () -> trainer.fit(3, new StopAt(1, 2)));
    }
    FitResult resumed = fit(builder.resumeFrom(parts), 3);
    assertEquals(whole.validations(), resumed.validations());
    assertEquals(whole.test(), resumed.test());
    assertEquals(
        whole.epochs().stream().map(EpochReport::training).toList(),
        resumed.epochs().stream().map(EpochReport::training).toList());
  }

  @Test
  void inferenceGivesTheValuesAndTheFigures() {
    FitResult result = fit(builder().evalFanout(-1, -1).saveTo(folder), 2);
    ModelFile file = ModelFile.read(folder);
    assertTrue(file.info().targets());
    assertEquals(COLUMNS, file.info().numClasses());
    try (GraphInference inference = GraphInference.builder(data, file).build()) {
      Evaluation test =
          inference.evaluate(folder.resolve("a"), InferenceListener.NONE).get(Split.TEST);
      assertEquals(result.testMetric(), Metric.R2.of(test), 1e-5);
      BadInputException e =
          assertThrows(
              BadInputException.class,
              () ->
                  inference.run(
                      folder.resolve("b"),
                      OutputOptions.PREDICTIONS.topK(1),
                      InferenceListener.NONE));
      assertEquals(
          "a model of targets has no probabilities of classes: scores=false, topK=1",
          e.getMessage());
      inference.run(
          folder.resolve("c"), OutputOptions.PREDICTIONS.csv(true), InferenceListener.NONE);
    }
    try (NodeScorer scorer = NodeScorer.builder(data, file).build()) {
      assertEquals(COLUMNS, scorer.score(3).logits().length);
    }
  }

  @Test
  void refusesWhatDoesNotFitInOneLine() {
    String predicted = ", predicted=targets, dataset=planted";
    assertRefused(
        "loss does not fit what is predicted: loss=BCE" + predicted, builder().loss(Loss.BCE));
    assertRefused(
        "metric does not fit what is predicted: metric=ACCURACY" + predicted,
        builder().metric(Metric.ACCURACY));
    assertRefused(
        "targets have no class weights: dataset=planted",
        builder().classWeights(ClassWeights.balanced()));
    try (GraphDataset none = Planted.dataset()) {
      TrainerBuilder without =
          GraphTrainer.builder(none).model(GraphSage.of(4, 1)).computeThreads(1);
      assertRefused("dataset has no targets: dataset=planted", without.regression());
    }
    float[] unknown = new float[Planted.NUM_NODES];
    Arrays.fill(unknown, Float.NaN);
    try (GraphDataset empty = Planted.builder(FeatureType.FLOAT32).targets(unknown, 1).build()) {
      assertRefused(
          "split has no node with a label: dataset=planted, split=train",
          GraphTrainer.builder(empty).model(GraphSage.of(4, 1)).regression());
    }
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () ->
                Planted.builder(FeatureType.FLOAT32)
                    .labels(NodeLabels.targets(1, new float[Planted.NUM_NODES])));
    assertEquals("labels must be classes, not targets: dataset=planted", e.getMessage());
  }

  @Test
  void refusesR2BeforeTheFirstEpochWhereTargetsDoNotDiffer() {
    for (Split split : List.of(Split.VALID, Split.TEST)) {
      float[] targets = new float[Planted.NUM_NODES];
      for (int v = 0; v < targets.length; v++) {
        targets[v] = v % 7;
      }
      int[] nodes = data.nodes(split);
      Arrays.stream(nodes).forEach(v -> targets[v] = v % 2 == 0 ? 0.1f : Float.NaN);
      try (GraphDataset same = Planted.builder(FeatureType.FLOAT32).targets(targets, 1).build()) {
        TrainerBuilder builder =
            GraphTrainer.builder(same).model(GraphSage.of(4, 1)).fanout(2).regression();
        BadInputException e = assertThrows(BadInputException.class, () -> fit(builder, 1));
        assertEquals(
            "R2 needs two different values of a target, choose another metric: dataset=planted,"
                + " split="
                + split.fileName(),
            e.getMessage());
        fit(builder.metric(Metric.RMSE), 1);
        targets[nodes[nodes.length - 1]] = 0.2f; // the dataset wraps them
        fit(builder.metric(Metric.R2), 1);
      }
    }
  }

  @Test
  void refusesCountsOfAnotherTask() {
    Scores scores = Scores.ofTraining(data.targets());
    assertThrows(BadInputException.class, () -> scores.restore(new Scores.Sums(1, List.of(3L))));
    scores.restore(new Scores.Sums(1, List.of(4L, 3L)));
    assertEquals(3, scores.sum().numNodes());
    assertEquals(0.25, scores.loss());
  }

  private static void assertRefused(String message, TrainerBuilder builder) {
    assertEquals(message, assertThrows(BadInputException.class, builder::build).getMessage());
  }
}
