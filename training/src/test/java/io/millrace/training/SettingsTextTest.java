package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.training.loss.ClassWeights;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.Gat;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.ModelKind;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.optim.Optimizer;
import io.millrace.training.optim.OptimizerSettings;
import io.millrace.training.optim.Schedule;
import io.millrace.training.task.Objective;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The texts are those of checkpoints that exist, letter by letter. */
class SettingsTextTest {
  private static final String LAYERS =
      "Layers[hidden=8, count=2, dropout=0.5, norm=BATCH, activation=RELU, residual=false]";

  private record OwnModel(LayerConfig layers, double slope) {}

  private record Described(LayerConfig layers) {
    @Override
    public String toString() {
      return "mine, of " + layers;
    }
  }

  @Test
  void spellsModelsAsTheFirstCheckpointsDid() {
    assertEquals(
        "GraphSage[layers=" + LAYERS + ", aggregator=MEAN]",
        SettingsText.of(
            new GraphSage(LayerConfig.of(8, 2), io.millrace.training.nn.Aggregator.MEAN)));
    assertEquals(
        "Gat[layers=" + LAYERS + ", heads=4]", SettingsText.of(new Gat(LayerConfig.of(8, 2), 4)));
  }

  @Test
  void spellsOptimizerAndObjectiveAsTheFirstCheckpointsDid() {
    assertEquals(
        "OptimizerSettings[optimizer=Sgd[momentum=0.8], learningRate=0.02, weightDecay=0.0,"
            + " schedule=WarmUp[numEpochs=1, then=Plateau[patience=1, factor=0.5]],"
            + " clipNorm=Optional[1.0]]",
        SettingsText.of(
            new OptimizerSettings(
                Optimizer.sgd(.8),
                .02,
                0,
                new Schedule.Plateau(1, .5).warmUp(1),
                Optional.of(1.0))));
    assertEquals(
        "Objective[chosenLoss=Optional[BCE], weights=Given[weights=[1.0, 2.5]], metric=F1_MACRO]",
        SettingsText.of(
            new Objective(Optional.of(Loss.BCE), ClassWeights.of(1, 2.5), Metric.F1_MACRO)));
    assertEquals(
        "Objective[chosenLoss=Optional.empty, weights=Equal[], metric=ACCURACY]",
        SettingsText.of(new Objective(Optional.empty(), ClassWeights.equal(), Metric.ACCURACY)));
  }

  @Test
  void spellsTheLayersOfAnOwnModelTheSameWay() {
    assertEquals(
        "OwnModel[layers=" + LAYERS + ", slope=0.1]",
        SettingsText.of(new OwnModel(LayerConfig.of(8, 2), .1)));
    assertEquals("mine, of " + LAYERS, SettingsText.of(new Described(LayerConfig.of(8, 2))));
  }

  @Test
  void listsEveryKindOfSetting() {
    Stream<Class<?>> models = Arrays.stream(ModelKind.values()).map(ModelKind::type);
    Stream<Class<?>> others =
        Stream.of(Optimizer.class, Schedule.class, ClassWeights.class)
            .flatMap(
                it -> Stream.of(it.getDeclaredClasses()).filter(part -> it.isAssignableFrom(part)));
    Stream.concat(models, others)
        .forEach(it -> assertTrue(SettingsText.NAMES.containsKey(it), it.getName()));
  }
}
