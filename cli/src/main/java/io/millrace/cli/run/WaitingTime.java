package io.millrace.cli.run;

import java.util.List;
import java.util.Map;

/** How long the model of a training or an inference waited for batches, from its JSON. */
final class WaitingTime {
  private WaitingTime() {}

  /**
   * @param result of a command; null without one
   * @return seconds; 0 for commands without batches
   */
  static double seconds(Object result) {
    if (!(result instanceof Map<?, ?> map)) {
      return 0;
    }
    double seconds = 0;
    for (Map<?, ?> layer : maps(map.get("layers"))) {
      seconds += number(layer, "wait_seconds");
    }
    for (Map<?, ?> run : maps(map.get("runs"))) {
      seconds += number(run, "wait_share") * number(run, "epoch_seconds") * number(run, "epochs");
    }
    return seconds;
  }

  private static List<? extends Map<?, ?>> maps(Object list) {
    return list instanceof List<?> all
        ? all.stream().filter(Map.class::isInstance).map(it -> (Map<?, ?>) it).toList()
        : List.of();
  }

  private static double number(Map<?, ?> map, String key) {
    return map.get(key) instanceof Number number ? number.doubleValue() : 0;
  }
}
