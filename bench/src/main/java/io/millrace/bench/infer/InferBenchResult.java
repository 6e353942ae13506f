package io.millrace.bench.infer;

import io.millrace.bench.harness.TextTable;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
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
    private void addTo(TextTable table, String name) {
      table.add(
          name,
          Format.count(report.numComputed()),
          Format.format("%.1f", report.seconds()),
          Format.format("%,.0f", report.nodesPerSecond()),
          Format.format("%.1f", report.readBytes() / 1e9),
          peakBytes.isPresent() ? Format.bytes(peakBytes.getAsLong()) : "not known");
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
    TextTable table = new TextTable("", "nodes", "s", "nodes/s", "GB read", "peak memory");
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
