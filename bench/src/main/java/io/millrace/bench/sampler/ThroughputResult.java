package io.millrace.bench.sampler;

import io.millrace.bench.harness.Median;
import io.millrace.bench.harness.TextTable;
import io.millrace.bench.variant.SamplerVariant;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a throughput measurement found, as a table and as JSON; the first contender is the product.
 */
final class ThroughputResult {
  private record Key(String name, int numThreads) {}

  private final Map<Key, List<Throughput.Sample>> samples = new LinkedHashMap<>();
  private final SamplerVariant.IdMap map;

  /**
   * @param map the product's
   */
  ThroughputResult(SamplerVariant.IdMap map) {
    this.map = map;
  }

  void add(String name, int numThreads, Throughput.Sample sample) {
    samples.computeIfAbsent(new Key(name, numThreads), _ -> new ArrayList<>()).add(sample);
  }

  void print(Output output) {
    boolean slices = samples.values().iterator().next().getFirst().done().featureBytes() > 0;
    TextTable table =
        slices
            ? new TextTable("", "threads", "batches/s", "GB/s", "M edges/s", "scaling", "speed-up")
            : new TextTable(
                "", "threads", "M edges/s", "ns/edge", "batches/s", "scaling", "speed-up");
    for (Key key : keys()) {
      String edges = Format.format("%.1f", edgesPerSecond(key) / 1e6);
      String batches = Format.format("%.1f", batchesPerSecond(key));
      table.add(
          key.name,
          Integer.toString(key.numThreads),
          slices ? batches : edges,
          Format.format("%.1f", slices ? featureBytesPerSecond(key) / 1e9 : nanosPerEdge(key)),
          slices ? edges : batches,
          Format.format("%.2f", scaling(key)),
          Format.format("%.2f", speedup(key)));
    }
    table.print(output);
    Key first = keys().getFirst();
    output.result(
        "%s edges and %s nodes per batch, id map: %s",
        Format.count(Math.round(perBatch(first, Work.Done::numEdges))),
        Format.count(Math.round(perBatch(first, Work.Done::numNodes))),
        map.label());
  }

  Map<String, Object> json() {
    List<Object> runs = new ArrayList<>();
    for (Key key : keys()) {
      Map<String, Object> run = new LinkedHashMap<>();
      run.put("name", key.name);
      run.put("threads", key.numThreads);
      run.put("edges_per_second", edgesPerSecond(key));
      run.put("ns_per_edge", nanosPerEdge(key));
      run.put("batches_per_second", batchesPerSecond(key));
      run.put("feature_bytes_per_second", featureBytesPerSecond(key));
      run.put("scaling", scaling(key));
      run.put("speedup", speedup(key));
      run.put("edges_per_batch", perBatch(key, Work.Done::numEdges));
      run.put("nodes_per_batch", perBatch(key, Work.Done::numNodes));
      runs.add(run);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("map", map.label());
    result.put("runs", runs);
    return result;
  }

  /** The product first, then by threads. */
  private List<Key> keys() {
    List<String> names = samples.keySet().stream().map(Key::name).distinct().toList();
    return samples.keySet().stream()
        .sorted(
            Comparator.<Key>comparingInt(key -> names.indexOf(key.name))
                .thenComparingInt(Key::numThreads))
        .toList();
  }

  private double edgesPerSecond(Key key) {
    return perSecond(key, sample -> sample.done().numEdges());
  }

  private double batchesPerSecond(Key key) {
    return perSecond(key, Throughput.Sample::numBatches);
  }

  private double featureBytesPerSecond(Key key) {
    return perSecond(key, sample -> sample.done().featureBytes());
  }

  /** What one thread spends on an edge. */
  private double nanosPerEdge(Key key) {
    return key.numThreads * 1e9 / edgesPerSecond(key);
  }

  /** Batches per second against the same on one thread. */
  private double scaling(Key key) {
    return batchesPerSecond(key) / batchesPerSecond(new Key(key.name, 1));
  }

  /** Batches per second against the baseline's on as many threads. */
  private double speedup(Key key) {
    return batchesPerSecond(key) / batchesPerSecond(new Key(keys().getLast().name, key.numThreads));
  }

  private double perSecond(Key key, ToDoubleFunction<Throughput.Sample> amount) {
    return Median.of(
        samples.get(key).stream()
            .mapToDouble(sample -> amount.applyAsDouble(sample) * 1e9 / sample.nanos())
            .toArray());
  }

  private double perBatch(Key key, ToDoubleFunction<Work.Done> amount) {
    return samples.get(key).stream()
        .mapToDouble(sample -> amount.applyAsDouble(sample.done()) / sample.numBatches())
        .average()
        .orElseThrow();
  }
}
