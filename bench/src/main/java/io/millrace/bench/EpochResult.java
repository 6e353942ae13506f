package io.millrace.bench;

import io.millrace.cli.Output;
import io.millrace.cli.Text;
import io.millrace.transfer.EpochStats;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Where the time of an epoch went, by variant, as a table and as JSON; figures are medians of the
 * rounds.
 *
 * <p>On the CPU the consumer's thread either waits for a batch or computes on one, and nothing is
 * copied. The serial epoch tells what preparing all batches takes one thread, and what computing
 * takes: of the two, the longer is what an epoch takes whose shorter part is all hidden.
 */
final class EpochResult {
  private static final String NO_COPIES = "nothing is copied on the CPU";

  private final int numWorkers;
  private final Map<EpochVariant, List<EpochStats>> samples = new EnumMap<>(EpochVariant.class);

  EpochResult(int numWorkers) {
    this.numWorkers = numWorkers;
  }

  void add(EpochVariant variant, EpochStats stats) {
    samples.computeIfAbsent(variant, _ -> new ArrayList<>()).add(stats);
  }

  /**
   * @throws IllegalStateException if two variants trained on other batches in the same round
   */
  void requireSameBatches() {
    List<Long> expected = digests(EpochVariant.SERIAL);
    for (EpochVariant variant : samples.keySet()) {
      if (!digests(variant).equals(expected)) {
        throw new IllegalStateException(
            "variants disagree: serial=%s, %s=%s"
                .formatted(expected, variant.label(), digests(variant)));
      }
    }
  }

  private List<Long> digests(EpochVariant variant) {
    return samples.get(variant).stream().map(EpochStats::batchesDigest).toList();
  }

  void print(Output output) {
    Columns table =
        new Columns(
            "seconds of an epoch",
            "epoch",
            "blocked on sampling+slicing",
            "on transfer",
            "on compute",
            "device busy",
            "speed-up");
    for (EpochVariant variant : EpochVariant.values()) {
      if (samples.containsKey(variant)) {
        table.add(
            variant.label(),
            Text.format("%.3f", epochSeconds(variant)),
            Text.format("%.3f", waitSeconds(variant)),
            "-",
            Text.format("%.3f", computeSeconds(variant)),
            Text.format("%.0f %%", 100 * (1 - waitShare(variant))),
            Text.format("%.2f", epochSeconds(EpochVariant.SERIAL) / epochSeconds(variant)));
      } else {
        table.add(variant.label(), "n/a", "", "", "", "", "");
      }
    }
    table.print(output);
    output.result(
        "preparing takes %.3f s on %d of the workers, computing %.3f s; the overlapped epoch is"
            + " %.2f times the longer",
        preparationBound(), numWorkers, computeSeconds(EpochVariant.SERIAL), overlapRatio());
    output.note("+pinned: n/a, %s", NO_COPIES);
  }

  Map<String, Object> json() {
    List<Object> variants = new ArrayList<>();
    for (EpochVariant variant : EpochVariant.values()) {
      variants.add(samples.containsKey(variant) ? measured(variant) : notThere(variant));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("device", "cpu");
    result.put("variants", variants);
    result.put("bound_seconds", boundSeconds());
    result.put("overlap_ratio", overlapRatio());
    return result;
  }

  private Map<String, Object> measured(EpochVariant variant) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", variant.label());
    fields.put("epoch_seconds", epochSeconds(variant));
    fields.put("preparation_seconds", preparationSeconds(variant));
    fields.put("compute_seconds", computeSeconds(variant));
    fields.put("blocked_on_preparation_seconds", waitSeconds(variant));
    fields.put("blocked_on_transfer_seconds", null);
    fields.put("wait_share", waitShare(variant));
    fields.put("device_busy_share", 1 - waitShare(variant));
    fields.put("batches", samples.get(variant).getFirst().numBatches());
    fields.put("speedup", epochSeconds(EpochVariant.SERIAL) / epochSeconds(variant));
    return fields;
  }

  private static Map<String, Object> notThere(EpochVariant variant) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", variant.label());
    fields.put("why_not", NO_COPIES);
    return fields;
  }

  private double epochSeconds(EpochVariant variant) {
    return median(variant, stats -> stats.wallNanos() / 1e9);
  }

  /** Of all workers together. */
  private double preparationSeconds(EpochVariant variant) {
    return median(variant, stats -> (stats.sampleNanos() + stats.sliceNanos()) / 1e9);
  }

  private double waitSeconds(EpochVariant variant) {
    return median(variant, stats -> stats.consumerWaitNanos() / 1e9);
  }

  private double computeSeconds(EpochVariant variant) {
    return median(variant, stats -> (stats.wallNanos() - stats.consumerWaitNanos()) / 1e9);
  }

  private double waitShare(EpochVariant variant) {
    return median(variant, EpochStats::waitShare);
  }

  /** If the workers shared the work evenly. */
  private double preparationBound() {
    return preparationSeconds(EpochVariant.SERIAL) / numWorkers;
  }

  private double boundSeconds() {
    return Math.max(preparationBound(), computeSeconds(EpochVariant.SERIAL));
  }

  private double overlapRatio() {
    return epochSeconds(EpochVariant.OVERLAP) / boundSeconds();
  }

  private double median(EpochVariant variant, ToDoubleFunction<EpochStats> figure) {
    return Median.of(samples.get(variant).stream().mapToDouble(figure).toArray());
  }
}
