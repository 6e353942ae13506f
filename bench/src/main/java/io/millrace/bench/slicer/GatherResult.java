package io.millrace.bench.slicer;

import io.millrace.bench.harness.Median;
import io.millrace.bench.harness.TextTable;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a contest of gathers found, as a table and as JSON. Bytes are those that arrive in the slot;
 * figures are medians of the rounds, all threads together.
 */
final class GatherResult {
  private record Key(String type, String name, int numThreads) {}

  private record Speed(double rowsPerSecond, double bytesPerSecond) {}

  private final Map<Key, List<Speed>> samples = new LinkedHashMap<>();

  /**
   * @param rows gathered by all threads
   */
  void add(GatherContest.Turn turn, long rows, long nanos) {
    double rowsPerSecond = rows * 1e9 / nanos;
    samples
        .computeIfAbsent(
            new Key(turn.table().label(), turn.name(), turn.numThreads()), _ -> new ArrayList<>())
        .add(new Speed(rowsPerSecond, rowsPerSecond * turn.table().outRowBytes()));
  }

  void print(Output output) {
    for (String type : types()) {
      TextTable table =
          new TextTable(type, "threads", "GB/s", "M rows/s", "of the copy", "against java");
      for (Key key : keys(type)) {
        table.add(
            key.name,
            Integer.toString(key.numThreads),
            Format.format("%.1f", bytesPerSecond(key) / 1e9),
            Format.format("%.1f", rowsPerSecond(key) / 1e6),
            Format.format("%.2f", against(GatherContest.COPY, key)),
            Format.format("%.2f", against(GatherContest.JAVA, key)));
      }
      table.print(output);
      output.result("");
    }
  }

  Map<String, Object> json() {
    List<Object> variants = new ArrayList<>();
    for (String type : types()) {
      for (Key key : keys(type)) {
        Map<String, Object> variant = new LinkedHashMap<>();
        variant.put("name", key.name);
        variant.put("type", type);
        variant.put("threads", key.numThreads);
        variant.put("gb_per_second", bytesPerSecond(key) / 1e9);
        variant.put("rows_per_second", rowsPerSecond(key));
        variant.put("of_copy", against(GatherContest.COPY, key));
        variant.put("against_java", against(GatherContest.JAVA, key));
        variants.add(variant);
      }
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("variants", variants);
    return result;
  }

  private List<String> types() {
    return samples.keySet().stream().map(Key::type).distinct().toList();
  }

  /** In the order they were added: by threads, then the contenders. */
  private List<Key> keys(String type) {
    return samples.keySet().stream().filter(key -> key.type.equals(type)).toList();
  }

  /** How many times as fast as another contender with the same type and threads. */
  private double against(String name, Key key) {
    return rowsPerSecond(key) / rowsPerSecond(new Key(key.type, name, key.numThreads));
  }

  private double rowsPerSecond(Key key) {
    return Median.of(samples.get(key).stream().mapToDouble(Speed::rowsPerSecond).toArray());
  }

  private double bytesPerSecond(Key key) {
    return Median.of(samples.get(key).stream().mapToDouble(Speed::bytesPerSecond).toArray());
  }
}
