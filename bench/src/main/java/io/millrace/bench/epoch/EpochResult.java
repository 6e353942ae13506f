package io.millrace.bench.epoch;

import io.millrace.bench.harness.Median;
import io.millrace.bench.harness.TextTable;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Where the time of an epoch went, by variant, as a table and as JSON; figures are medians of the
 * rounds.
 *
 * <p>The serial epoch shows what preparing all batches takes one thread, and what computing takes;
 * on a GPU the one before the last shows what copying takes. The longest of them is what an epoch
 * takes whose shorter parts are all hidden.
 */
final class EpochResult {
  private static final String NO_COPIES = "nothing is copied on the CPU";

  private final int numWorkers;
  private final Map<EpochVariant, List<EpochTimes>> samples = new EnumMap<>(EpochVariant.class);

  EpochResult(int numWorkers) {
    this.numWorkers = numWorkers;
  }

  void add(EpochVariant variant, EpochTimes times) {
    samples.computeIfAbsent(variant, _ -> new ArrayList<>()).add(times);
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
    return samples.get(variant).stream().map(EpochTimes::digest).toList();
  }

  void print(Output output) {
    TextTable table =
        new TextTable(
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
            seconds(variant, EpochTimes::epoch),
            seconds(variant, EpochTimes::blockedOnPreparation),
            transferSeconds(variant).map(it -> Format.format("%.3f", it)).orElse("-"),
            seconds(variant, EpochTimes::computing),
            Format.format("%.0f %%", 100 * median(variant, EpochTimes::busyShare)),
            Format.format("%.2f", speedUp(variant)));
      } else {
        table.add(variant.label(), "n/a", "", "", "", "", "");
        output.note("%s: n/a, %s", variant.label(), NO_COPIES);
      }
    }
    table.print(output);
    output.result(
        "preparing takes %.3f s on %d of the workers, %scomputing %s s; the overlapped epoch is"
            + " %.2f times the longest",
        preparationBound(),
        numWorkers,
        copying().map(it -> Format.format("copying %.3f s, ", it)).orElse(""),
        seconds(EpochVariant.SERIAL, EpochTimes::computing),
        overlapRatio());
  }

  private String seconds(EpochVariant variant, ToDoubleFunction<EpochTimes> figure) {
    return Format.format("%.3f", median(variant, figure));
  }

  Map<String, Object> json() {
    List<Object> variants = new ArrayList<>();
    for (EpochVariant variant : EpochVariant.values()) {
      variants.add(samples.containsKey(variant) ? measured(variant) : notThere(variant));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("variants", variants);
    result.put("bound_seconds", boundSeconds());
    result.put("overlap_ratio", overlapRatio());
    return result;
  }

  private Map<String, Object> measured(EpochVariant variant) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", variant.label());
    fields.put("epoch_seconds", median(variant, EpochTimes::epoch));
    fields.put("preparation_seconds", median(variant, EpochTimes::preparing));
    fields.put("compute_seconds", median(variant, EpochTimes::computing));
    fields.put("blocked_on_preparation_seconds", median(variant, EpochTimes::blockedOnPreparation));
    fields.put("blocked_on_transfer_seconds", transferSeconds(variant).orElse(null));
    fields.put("wait_share", 1 - median(variant, EpochTimes::busyShare));
    fields.put("device_busy_share", median(variant, EpochTimes::busyShare));
    fields.put("batches", samples.get(variant).getFirst().numBatches());
    fields.put("speedup", speedUp(variant));
    return fields;
  }

  private static Map<String, Object> notThere(EpochVariant variant) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", variant.label());
    fields.put("why_not", NO_COPIES);
    return fields;
  }

  private double speedUp(EpochVariant variant) {
    return median(EpochVariant.SERIAL, EpochTimes::epoch) / median(variant, EpochTimes::epoch);
  }

  private Optional<Double> transferSeconds(EpochVariant variant) {
    boolean copies = samples.get(variant).getFirst().blockedOnTransfer().isPresent();
    return copies
        ? Optional.of(median(variant, times -> times.blockedOnTransfer().orElseThrow()))
        : Optional.empty();
  }

  /** Out of page-locked memory, when nothing hides it. */
  private Optional<Double> copying() {
    return samples.containsKey(EpochVariant.PINNED)
        ? transferSeconds(EpochVariant.PINNED)
        : Optional.empty();
  }

  /** If the workers shared the work evenly. */
  private double preparationBound() {
    return median(EpochVariant.SERIAL, EpochTimes::preparing) / numWorkers;
  }

  private double boundSeconds() {
    double computing = median(EpochVariant.SERIAL, EpochTimes::computing);
    return Math.max(copying().orElse(0.0), Math.max(preparationBound(), computing));
  }

  private double overlapRatio() {
    return median(EpochVariant.OVERLAP, EpochTimes::epoch) / boundSeconds();
  }

  private double median(EpochVariant variant, ToDoubleFunction<EpochTimes> figure) {
    return Median.of(samples.get(variant).stream().mapToDouble(figure).toArray());
  }
}
