package io.millrace.bench.infer;

import io.millrace.bench.harness.Columns;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Text;
import io.millrace.training.inference.InferenceReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What two inferences came to, as a table and as JSON.
 *
 * @param sampledName with the fanout
 */
record InferBenchResult(Run layerwise, Run sampled, String sampledName) {
  /**
   * One of them.
   *
   * @param peakBytes the most that was resident while it ran; empty where that is not known
   */
  record Run(InferenceReport report, OptionalLong peakBytes) {
    private void addTo(Columns table, String name) {
      table.add(
          name,
          Text.count(report.numComputed()),
          Text.format("%.1f", report.seconds()),
          Text.format("%,.0f", report.nodesPerSecond()),
          Text.format("%.1f", report.readBytes() / 1e9),
          peakBytes.isPresent() ? Text.bytes(peakBytes.getAsLong()) : "not known");
    }

    private Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("num_nodes", report.numComputed());
      json.put("seconds", report.seconds());
      json.put("nodes_per_second", report.nodesPerSecond());
      json.put("bytes_read", report.readBytes());
      json.put("peak_rss_bytes", peakBytes.isPresent() ? peakBytes.getAsLong() : null);
      return json;
    }
  }

  void print(Output output) {
    Columns table = new Columns("", "nodes", "s", "nodes/s", "GB read", "peak memory");
    layerwise.addTo(table, "layerwise");
    sampled.addTo(table, sampledName);
    table.print(output);
    output.result("layer by layer: %.1f times the nodes per second", ratio());
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("layerwise", layerwise.json());
    json.put("sampled", sampled.json());
    json.put("ratio", ratio());
    return json;
  }

  private double ratio() {
    return layerwise.report.nodesPerSecond() / sampled.report.nodesPerSecond();
  }
}
