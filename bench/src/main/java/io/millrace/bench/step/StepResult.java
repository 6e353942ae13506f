package io.millrace.bench.step;

import io.millrace.bench.harness.Median;
import io.millrace.bench.harness.TextTable;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the steps took, as a table and as JSON: medians, and against the step without means. */
final class StepResult {
  private static final MeanVariant CHOSEN = MeanVariant.FUSED;

  private final Map<MeanVariant, List<Long>> nanos = new EnumMap<>(MeanVariant.class);

  void add(MeanVariant mean, long stepNanos) {
    nanos.computeIfAbsent(mean, _ -> new ArrayList<>()).add(stepNanos);
  }

  void print(Output output) {
    TextTable table = new TextTable("", "ms/step", "ratio");
    for (MeanVariant mean : nanos.keySet()) {
      String mark = mean == CHOSEN ? "  <- the product's" : "";
      table.add(
          mean.label() + mark,
          Format.format("%.1f", millis(mean)),
          Format.format("%.3f", ratio(mean)));
    }
    table.print(output);
  }

  Map<String, Object> json() {
    List<Object> variants = new ArrayList<>();
    for (MeanVariant mean : nanos.keySet()) {
      Map<String, Object> variant = new LinkedHashMap<>();
      variant.put("name", mean.label());
      variant.put("step_ms", millis(mean));
      variant.put("ratio", ratio(mean));
      variants.add(variant);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("chosen", CHOSEN.label());
    result.put("baseline", MeanVariant.NONE.label());
    result.put("variants", variants);
    return result;
  }

  private double millis(MeanVariant mean) {
    return Median.of(nanos.get(mean).stream().mapToDouble(n -> n / 1e6).toArray());
  }

  /** The median of the rounds' own ratios: what slows a round down slows both down. */
  private double ratio(MeanVariant mean) {
    List<Long> own = nanos.get(mean);
    List<Long> baseline = nanos.get(MeanVariant.NONE);
    double[] ratios = new double[own.size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = (double) own.get(round) / baseline.get(round);
    }
    return Median.of(ratios);
  }
}
