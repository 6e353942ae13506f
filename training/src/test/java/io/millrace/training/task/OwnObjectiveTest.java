package io.millrace.training.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.StopAt;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ObjectiveText;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.loss.ClassWeights;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.GraphSage;
import io.millrace.training.optim.Schedule;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own loss, metric and schedule are used, saved, and found again by their classes. */
class OwnObjectiveTest {
  private static final int BATCHES = 4; // 400 seeds, 128 a batch

  @TempDir private Path folder;
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  /** The usual loss, times a factor, or binary. */
  public record Scaled(double factor, boolean binary) implements Loss {
    @Override
    public boolean fits(AnswerKind kind) {
      return kind == AnswerKind.CLASSES || binary && kind == AnswerKind.LABELS;
    }

    @Override
    public NDArray terms(NDArray output, NDArray answers) {
      return (binary ? BCE : CROSS_ENTROPY).terms(output, answers).mul(factor);
    }
  }

  /** The share of wrong predictions. */
  public record ErrorRate(String name) implements Metric {
    @Override
    public String key() {
      return name;
    }

    @Override
    public boolean fits(AnswerKind kind) {
      return kind == AnswerKind.CLASSES;
    }

    @Override
    public boolean higherIsBetter() {
      return false;
    }

    @Override
    public Optional<Meter> newMeter() {
      return Optional.of(
          new Meter() {
            private double wrong;
            private double all;

            @Override
            public void add(float[] output, float[] answers) {
              int best = 0;
              for (int c = 1; c < output.length; c++) {
                best = output[c] > output[best] ? c : best;
              }
              wrong += best == answers[0] ? 0 : 1;
              all++;
            }

            @Override
            public double value() {
              return wrong / all;
            }
          });
    }
  }

  /** Halves the rate from step to step, and by a plateau's rule. */
  public record Halving(double floor) implements Schedule {
    @Override
    public double factor(long step, int stepsPerEpoch) {
      return Math.max(floor, Math.pow(0.9, step));
    }

    @Override
    public PlateauState after(PlateauState before, double metric) {
      return new Plateau(1, 0.5).after(before, metric);
    }
  }

  private TrainerBuilder builder() {
    return builder(data);
  }

  private static TrainerBuilder builder(GraphDataset data) {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(16, 2))
        .fanout(5, 5)
        .batchSize(128)
        .learningRate(0.02)
        .computeThreads(1);
  }

  private TrainerBuilder own() {
    return builder()
        .loss(new Scaled(1, false))
        .metric(new ErrorRate("errors"))
        .schedule(new Halving(0.3));
  }

  private static FitResult fit(TrainerBuilder builder, int numEpochs) {
    try (GraphTrainer trainer = builder.build()) {
      return trainer.fit(numEpochs, TrainingListener.NONE);
    }
  }

  @Test
  void aLossThatGivesItsTermsIsTheOneThatGivesTheirSum() {
    try (GraphDataset several = Planted.severalLabels()) {
      for (GraphDataset each : List.of(data, several)) {
        Loss fused = each == several ? Loss.BCE : Loss.CROSS_ENTROPY;
        Loss own = new Scaled(1, each == several);
        double expected = fit(builder(each).loss(fused), 2).test().loss();
        assertEquals(expected, fit(builder(each).loss(own), 2).test().loss(), 2e-3);
      }
    }
  }

  @Test
  void theLowestValueOfAnErrorIsTheBest() {
    FitResult result = fit(own().learningRate(0.1), 6);
    for (Evaluation valid : result.validations()) {
      assertEquals(1 - valid.accuracy(), new ErrorRate("errors").of(valid), 1e-12);
      assertTrue(result.validMetric() <= new ErrorRate("errors").of(valid));
    }
    assertEquals(1 - result.test().accuracy(), result.testMetric(), 1e-12);
    assertEquals(result.testMetric(), result.test().metrics().get("errors"));
  }

  /** A figure of those that are there; not defined if the number of nodes is below the least. */
  public record RightNodes(int least) implements Metric {
    @Override
    public String key() {
      return "right_nodes";
    }

    @Override
    public boolean fits(AnswerKind kind) {
      return kind == AnswerKind.CLASSES;
    }

    @Override
    public OptionalDouble find(Evaluation it) {
      return OptionalDouble.of(it.numNodes() < least ? Double.NaN : it.accuracy() * it.numNodes());
    }
  }

  @Test
  void aMetricOfOtherFiguresIsReportedWithThem() {
    FitResult result = fit(builder().metric(new RightNodes(0)), 1);
    assertEquals(result.testMetric(), result.test().metrics().get("right_nodes"));
    assertEquals(result.test().accuracy() * result.test().numNodes(), result.testMetric());
  }

  @Test
  void aMetricThatIsNoNumberSelectsNoEpoch() {
    BadInputException e =
        assertThrows(
            BadInputException.class, () -> fit(builder().metric(new RightNodes(1 << 20)), 2));
    assertTrue(
        e.getMessage().startsWith("right_nodes is not defined for what was predicted"),
        e.getMessage());
  }

  @Test
  void theScheduleDecidesEveryStep() {
    FitResult result = fit(own(), 2);
    assertEquals(0.02 * Math.pow(0.9, BATCHES - 1), result.epochs().get(0).learningRate(), 1e-12);
  }

  @Test
  void resumesInTheMiddleOfAnEpochWithTheSameBits() {
    FitResult whole = fit(own().saveTo(folder.resolve("whole")), 3);
    try (GraphTrainer trainer = own().saveTo(folder.resolve("parts")).checkpointEvery(1).build()) {
      assertThrows(IllegalStateException.class, () -> trainer.fit(3, new StopAt(1, 2)));
    }
    Path parts = folder.resolve("parts");
    FitResult resumed = fit(own().resumeFrom(parts).saveTo(parts), 3);
    assertEquals(whole.test(), resumed.test());
    assertEquals(whole.validations(), resumed.validations());
  }

  @Test
  void aCheckpointIsOfItsLossMetricAndSchedule() {
    fit(own().saveTo(folder), 1);
    for (TrainerBuilder other :
        List.of(
            own().loss(new Scaled(2, false)),
            own().metric(new ErrorRate("others")),
            own().schedule(new Halving(0.2)))) {
      BadInputException e = assertThrows(BadInputException.class, other.resumeFrom(folder)::build);
      assertTrue(e.getMessage().startsWith("checkpoint is of another"), e.getMessage());
      assertTrue(e.getMessage().contains(getClass().getName() + "$"), e.getMessage());
    }
  }

  @Test
  void aModelFileCarriesLossAndMetric(@TempDir Path work) {
    FitResult result = fit(own().evalFanout(-1, -1).saveTo(folder), 2);
    ObjectiveText text = ModelFile.read(folder).info().objective();
    assertEquals(Optional.of(new Scaled(1, false)), text.findLoss(AnswerKind.CLASSES));
    assertEquals(Optional.of(new ErrorRate("errors")), text.findMetric(AnswerKind.CLASSES));
    try (GraphInference inference = GraphInference.builder(data, ModelFile.read(folder)).build()) {
      Evaluation test = inference.evaluate(work, InferenceListener.NONE).get(Split.TEST);
      assertEquals(result.testMetric(), new ErrorRate("errors").of(test), 0.01);
    }
  }

  @Test
  void refusesWhatIsNotStorableOnlyIfItIsSaved() {
    Schedule unnamed = (step, _) -> 1;
    fit(builder().schedule(unnamed), 1);
    BadInputException e =
        assertThrows(BadInputException.class, builder().schedule(unnamed).saveTo(folder)::build);
    assertTrue(
        e.getMessage().startsWith("a schedule that is saved must be a record of plain values"),
        e.getMessage());
  }

  @Test
  void refusesWhatDoesNotFitInOneLine() {
    try (GraphDataset several = Planted.severalLabels()) {
      assertRefused(
          "loss does not fit what is predicted: loss=Scaled[factor=1.0, binary=false], predicted="
              + "several labels, dataset=planted",
          builder(several).loss(new Scaled(1, false)));
    }
    assertRefused(
        "metric does not fit what is predicted: metric=MRR, predicted=classes of nodes,"
            + " dataset=planted",
        builder().metric(Metric.MRR));
    for (String key : List.of("accuracy", "loss")) {
      assertRefused(
          "a metric of your own needs a key that no other figure has: key=" + key,
          builder().metric(new ErrorRate(key)));
    }
    assertRefused(
        "class weights need cross-entropy or BCE: loss=Scaled[factor=1.0, binary=false]",
        builder().loss(new Scaled(1, false)).classWeights(ClassWeights.balanced()));
    Schedule impossible = (step, _) -> -1;
    try (GraphTrainer trainer = builder().schedule(impossible).build()) {
      assertTrue(
          assertThrows(BadInputException.class, trainer::epoch)
              .getMessage()
              .startsWith("schedule gave an impossible learning rate"));
    }
  }

  private static void assertRefused(String message, TrainerBuilder builder) {
    assertEquals(message, assertThrows(BadInputException.class, builder::build).getMessage());
  }
}
