package io.millrace.cli.train;

import io.millrace.cli.command.EnumOptions;
import io.millrace.sampler.draw.Draw;
import io.millrace.training.files.ObjectiveText;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.Metric;
import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Reads the values of options for JSON, in the order in which a class declares them; {@code
 * --batch-size} has the key {@code batch_size}, and an option that was not given is null.
 * Stateless.
 */
final class OptionValues {
  private OptionValues() {}

  /**
   * @param mixin the object whose fields are annotated as options
   */
  static Map<String, Object> of(Object mixin) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Field field : mixin.getClass().getDeclaredFields()) {
      Option option = field.getAnnotation(Option.class);
      if (option != null) {
        String key = option.names()[0].replaceFirst("^--", "").replace('-', '_');
        values.put(key, json(value(field, mixin)));
      }
    }
    return values;
  }

  private static Object value(Field field, Object mixin) {
    try {
      field.setAccessible(true);
      return field.get(mixin);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("option cannot be read: field=" + field, e);
    }
  }

  private static Object json(Object value) {
    return switch (value) {
      case Optional<?> given -> given.map(OptionValues::json).orElse(null);
      case Enum<?> choice -> EnumOptions.label(choice);
      case WeightsChoice weights -> weights.text();
      case ScheduleChoice schedule -> schedule.text();
      case Loss loss -> ObjectiveText.text(loss);
      case Metric metric -> ObjectiveText.text(metric);
      case Draw draw -> draw.toString();
      default -> value;
    };
  }
}
