package io.millrace.bench.step;

import io.millrace.bench.harness.Columns;
import io.millrace.bench.harness.Median;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Text;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the steps took, as a table and as JSON: medians, and against the step without means. */
final class StepResult {
  private static final Mean CHOSEN = Mean.FUSED;

  private final Map<Mean, List<Long>> nanos = new EnumMap<>(Mean.class);

  void add(Mean mean, long stepNanos) {
    nanos.computeIfAbsent(mean, _ -> new ArrayList<>()).add(stepNanos);
  }

  void print(Output output) {
    Columns table = new Columns("", "ms/step", "ratio");
    for (Mean mean : nanos.keySet()) {
      String mark = mean == CHOSEN ? "  <- the product's" : "";
      table.add(
          mean.label() + mark, Text.format("%.1f", millis(mean)), Text.format("%.3f", ratio(mean)));
    }
    table.print(output);
  }

  Map<String, Object> json() {
    List<Object> variants = new ArrayList<>();
    for (Mean mean : nanos.keySet()) {
      Map<String, Object> variant = new LinkedHashMap<>();
      variant.put("name", mean.label());
      variant.put("step_ms", millis(mean));
      variant.put("ratio", ratio(mean));
      variants.add(variant);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("chosen", CHOSEN.label());
    result.put("baseline", Mean.NONE.label());
    result.put("variants", variants);
    return result;
  }

  private double millis(Mean mean) {
    return Median.of(nanos.get(mean).stream().mapToDouble(n -> n / 1e6).toArray());
  }

  /** The median of the rounds' own ratios: what slows a round down slows both down. */
  private double ratio(Mean mean) {
    List<Long> own = nanos.get(mean);
    List<Long> baseline = nanos.get(Mean.NONE);
    double[] ratios = new double[own.size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = (double) own.get(round) / baseline.get(round);
    }
    return Median.of(ratios);
  }
}
