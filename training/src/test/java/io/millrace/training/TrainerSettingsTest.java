package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.draw.Draw;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.loss.ClassWeights;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.optim.Optimizer;
import io.millrace.training.optim.OptimizerSettings;
import io.millrace.training.optim.Schedule;
import io.millrace.training.parallel.Ranks;
import io.millrace.training.task.Objective;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.PipelineSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerSettingsTest {
  private static final GraphSage SAGE = GraphSage.of(4, 2);

  @TempDir private Path folder;
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  private static TrainerBuilder builder(GraphDataset data) {
    return GraphTrainer.builder(data).model(SAGE).fanout(5, 5).computeThreads(1);
  }

  @Test
  void aTrainerKeepsTheSettingsItWasBuiltWith() {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    EpochReport expected;
    try (GraphTrainer undisturbed = builder(data).seed(1).build()) {
      expected = undisturbed.epoch();
    }
    TrainerBuilder shared = builder(data).seed(1).saveTo(first);
    try (GraphTrainer one = shared.build();
        GraphTrainer _ = shared.seed(2).batchSize(7).model(Mlp.of(9, 1)).saveTo(second).build()) {
      FitResult result = one.fit(1, TrainingListener.NONE);
      assertEquals(expected.training(), result.epochs().getFirst().training());
    }
    ModelInfo info = ModelFile.read(first).info();
    assertEquals(1, info.seed());
    assertEquals(SAGE, info.model());
    assertTrue(Files.notExists(second));
  }

  @Test
  void evaluationSharesNoRandomKeyWithTrainingOrAnotherSplit() {
    TrainingSetup setup = setup(data);
    Set<Long> seen = new HashSet<>();
    for (int epoch = 0; epoch < 100; epoch++) {
      assertNew(seen, setup.trainingPlan().epoch(epoch));
    }
    for (Split split : Split.values()) {
      assertNew(seen, setup.evaluationEpoch(split));
      assertEquals(
          setup.evaluationEpoch(split).batchSeed(0), setup.evaluationEpoch(split).batchSeed(0));
    }
  }

  private static void assertNew(Set<Long> seen, EpochPlan.Epoch epoch) {
    assertTrue(epoch.numBatches() > 1);
    for (int batch = 0; batch < epoch.numBatches(); batch++) {
      assertTrue(seen.add(epoch.batchSeed(batch)), "epoch " + epoch.number());
    }
  }

  @Test
  void aSplitWithoutLabelsIsNoticedBeforeTheFirstEpoch() {
    for (Split split : List.of(Split.TRAIN, Split.VALID)) {
      assertNoticed(
          split,
          NodeLabels.UNLABELLED,
          "split has no node with a label: dataset=planted, split=" + split.fileName());
    }
  }

  @Test
  void aLabelOutOfRangeIsNoticedBeforeTheFirstEpoch() {
    assertNoticed(Split.TRAIN, 4, "label out of range: dataset=planted, node=0, label=4");
    assertNoticed(Split.VALID, -2, "label out of range: dataset=planted, node=400, label=-2");
    assertNoticed(Split.TEST, 1 << 30, "label out of range: dataset=planted, node=800, label=");
  }

  private static void assertNoticed(Split split, int label, String message) {
    int[] labels = new int[Planted.NUM_NODES];
    int third = Planted.NUM_NODES / 3;
    Arrays.fill(labels, split.ordinal() * third, (split.ordinal() + 1) * third, label);
    boolean[] trained = new boolean[1];
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void batchDone(BatchProgress progress) {
            trained[0] = true;
          }
        };
    NodeLabels spoiled = NodeLabels.of(Planted.NUM_CLASSES, labels);
    try (GraphDataset data = Planted.builder(FeatureType.FLOAT32).labels(spoiled).build()) {
      BadInputException e =
          assertThrows(
              BadInputException.class,
              () -> {
                try (GraphTrainer trainer = builder(data).build()) {
                  trainer.fit(1, listener);
                }
              });
      assertTrue(e.getMessage().startsWith(message), e.getMessage());
      assertEquals(false, trained[0], "an epoch was trained before");
    }
  }

  /** A model that says nothing of itself. */
  private static class Plain implements GraphModel {
    @Override
    public int numHops() {
      return 0;
    }

    @Override
    public GraphBlock newBlock(int inputDim, int numClasses) {
      return Mlp.of(3, 1).newBlock(inputDim, numClasses);
    }
  }

  private record Named(double rate, Object more) implements GraphModel {
    @Override
    public int numHops() {
      return 0;
    }

    @Override
    public GraphBlock newBlock(int inputDim, int numClasses) {
      return Mlp.of(3, 1).newBlock(inputDim, numClasses);
    }
  }

  @Test
  void aModelThatCannotBeStoredIsTrainedButNotSaved() {
    assertNotStorable(new Plain());
    assertNotStorable(new Plain() {});
    assertNotStorable(new Named(Double.NaN, null));
    assertNotStorable(new Named(1, Thread.currentThread()));
  }

  private void assertNotStorable(GraphModel model) {
    try (GraphTrainer trainer = builder(data).model(model).build()) {
      trainer.fit(1, TrainingListener.NONE);
    }
    BadInputException e =
        assertThrows(
            BadInputException.class,
            () -> builder(data).model(model).saveTo(folder.resolve("model")).build());
    assertEquals(
        "a model that is saved must be a record of plain values: model="
            + model.getClass().getName(),
        e.getMessage());
  }

  @Test
  void theWeightsOfAModelOfOnesOwnAreSavedAndLoaded() {
    GraphModel own = new Named(0.5, null);
    Path directory = folder.resolve("model");
    Evaluation test;
    try (GraphTrainer trainer = builder(data).model(own).saveTo(directory).build()) {
      test = trainer.fit(3, TrainingListener.NONE).test();
    }
    try (GraphTrainer trainer = builder(data).model(own).seed(9).build()) {
      trainer.loadWeights(directory);
      assertEquals(test.accuracy(), trainer.evaluate(Split.TEST).accuracy());
    }
    assertEquals(own, ModelFile.read(directory).info().model());
  }

  private static TrainingSetup setup(GraphDataset data) {
    TrainerSettings settings =
        new TrainerSettings(
            SAGE,
            Fanout.of(5, 5),
            Fanout.of(5, 5),
            Draw.uniform(),
            Optional.empty(),
            128,
            new VirtualNodes(1, 1),
            128,
            new OptimizerSettings(
                Optimizer.adam(), 0.01, 0, new Schedule.Constant(), Optional.empty()),
            new Objective(Optional.empty(), ClassWeights.equal(), Metric.ACCURACY),
            Optional.empty(),
            false,
            OptionalInt.empty(),
            PipelineSettings.defaults(),
            3,
            3,
            1,
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            new TorchDevice.Cpu("a test asked for it"),
            Ranks.ALONE);
    return new TrainingSetup(data, settings);
  }
}
