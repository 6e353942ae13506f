package io.millrace.training;

import io.millrace.training.files.NamedClass;
import io.millrace.training.loss.ClassWeights;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.Gat;
import io.millrace.training.models.Gatv2;
import io.millrace.training.models.Gcn;
import io.millrace.training.models.Gin;
import io.millrace.training.models.Gine;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.JumpingKnowledge;
import io.millrace.training.models.Mlp;
import io.millrace.training.models.SageRi;
import io.millrace.training.models.WeightedGcn;
import io.millrace.training.nn.LayerConfig;
import io.millrace.training.optim.Optimizer;
import io.millrace.training.optim.OptimizerSettings;
import io.millrace.training.optim.Schedule;
import io.millrace.training.task.Objective;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Settings as the text that a checkpoint stores: {@code Gcn[layers=Layers[hidden=8, ...]]}.
 *
 * <p>The names in it are part of the file format. They are kept in a table here, so a class can be
 * renamed and checkpoints that were written before still match. A record that is not in the table,
 * such as a user's own model, is written by its own {@code toString}; a loss, metric or schedule of
 * a user by the name of its class and its settings. Stateless.
 */
final class SettingsText {
  /** What a checkpoint calls these records; a new kind of setting is added here. */
  static final Map<Class<? extends Record>, String> NAMES =
      Map.ofEntries(
          Map.entry(GraphSage.class, "GraphSage"),
          Map.entry(Gcn.class, "Gcn"),
          Map.entry(Gat.class, "Gat"),
          Map.entry(Gin.class, "Gin"),
          Map.entry(SageRi.class, "SageRi"),
          Map.entry(JumpingKnowledge.class, "JumpingKnowledge"),
          Map.entry(Mlp.class, "Mlp"),
          Map.entry(WeightedGcn.class, "WeightedGcn"),
          Map.entry(Gatv2.class, "Gatv2"),
          Map.entry(Gine.class, "Gine"),
          Map.entry(LayerConfig.class, "Layers"),
          Map.entry(OptimizerSettings.class, "OptimizerSettings"),
          Map.entry(Optimizer.Adam.class, "Adam"),
          Map.entry(Optimizer.AdamW.class, "AdamW"),
          Map.entry(Optimizer.Sgd.class, "Sgd"),
          Map.entry(Schedule.Constant.class, "Constant"),
          Map.entry(Schedule.Cosine.class, "Cosine"),
          Map.entry(Schedule.Step.class, "Step"),
          Map.entry(Schedule.Plateau.class, "Plateau"),
          Map.entry(Schedule.WarmUp.class, "WarmUp"),
          Map.entry(Objective.class, "Objective"),
          Map.entry(ClassWeights.Equal.class, "Equal"),
          Map.entry(ClassWeights.Balanced.class, "Balanced"),
          Map.entry(ClassWeights.Given.class, "Given"));

  private SettingsText() {}

  static String of(Object value) {
    return switch (value) {
      case Optional<?> optional ->
          optional.map(it -> "Optional[" + of(it) + "]").orElse("Optional.empty");
      case Loss loss when Loss.standard().contains(loss) -> loss.toString();
      case Metric metric when Metric.standard().contains(metric) -> metric.toString();
      case Record own when own instanceof Loss || own instanceof Metric -> NamedClass.text(own);
      case Record settings when NAMES.containsKey(settings.getClass()) -> listed(settings);
      case Record own when own instanceof Schedule -> NamedClass.text(own);
      case Record settings -> unlisted(settings);
      default -> String.valueOf(value);
    };
  }

  private static String listed(Record settings) {
    return Arrays.stream(settings.getClass().getRecordComponents())
        .map(it -> it.getName() + "=" + of(value(it, settings)))
        .collect(Collectors.joining(", ", NAMES.get(settings.getClass()) + "[", "]"));
  }

  /** By its own toString, with the listed records in it as they are called here. */
  private static String unlisted(Record settings) {
    String text = settings.toString();
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      if (value(component, settings) instanceof Record part) {
        text = text.replace(part.toString(), of(part));
      }
    }
    return text;
  }

  private static Object value(RecordComponent component, Record settings) {
    try {
      component.getAccessor().setAccessible(true); // the record of a user need not be public
      return component.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("settings cannot be read: component=" + component, e);
    }
  }
}
