package io.millrace.bench.transfer;

import io.millrace.bench.harness.Median;
import io.millrace.bench.harness.TextTable;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How fast copies were, as a table and as JSON; figures are medians of the rounds. */
final class TransferResult {
  private record Key(String name, long slotBytes) {}

  private final long totalBytes;
  private final Map<Key, List<Long>> nanos = new LinkedHashMap<>();

  TransferResult(long totalBytes) {
    this.totalBytes = totalBytes;
  }

  /**
   * @param roundNanos for all bytes, in slots of that size
   */
  void add(String name, long slotBytes, long roundNanos) {
    nanos.computeIfAbsent(new Key(name, slotBytes), _ -> new ArrayList<>()).add(roundNanos);
  }

  void print(Output output) {
    TextTable table = new TextTable("to the GPU from", "slot", "GB/s", "of the peak");
    for (Key key : nanos.keySet()) {
      table.add(
          key.name,
          Format.bytes(key.slotBytes),
          Format.format("%.2f", bytesPerSecond(key) / 1e9),
          Format.format("%.3f", ofPeak(key)));
    }
    table.print(output);
  }

  Map<String, Object> json() {
    List<Object> variants = new ArrayList<>();
    for (Key key : nanos.keySet()) {
      Map<String, Object> variant = new LinkedHashMap<>();
      variant.put("name", key.name);
      variant.put("slot_bytes", key.slotBytes);
      variant.put("gb_per_second", bytesPerSecond(key) / 1e9);
      variant.put("of_peak", ofPeak(key));
      variants.add(variant);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("variants", variants);
    return result;
  }

  private double ofPeak(Key key) {
    return bytesPerSecond(key) / bytesPerSecond(new Key(TransferContest.PEAK, totalBytes));
  }

  private double bytesPerSecond(Key key) {
    double[] all = nanos.get(key).stream().mapToDouble(Long::doubleValue).toArray();
    return totalBytes * 1e9 / Median.of(all);
  }
}
