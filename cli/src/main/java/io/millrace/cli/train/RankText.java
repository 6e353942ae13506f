package io.millrace.cli.train;

import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.ranks.RankOptions;
import io.millrace.ranks.Collective;
import io.millrace.ranks.Traffic;
import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code train} reports about ranks. Stateless. */
final class RankText {
  private RankText() {}

  static String of(Collective ranks, TrainOptions options) {
    return Format.format(
        "ranks: %d, virtual nodes: %d, batch size: %s (%.1f per rank)",
        ranks.size(),
        options.virtualNodes(),
        Format.count(options.batchSize()),
        (double) options.batchSize() / ranks.size());
  }

  /** Traffic is that of rank 0. */
  static Map<String, Object> json(Collective ranks, TrainOptions options, RankOptions given) {
    Traffic traffic = ranks.traffic();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("ranks", ranks.size());
    json.put("sum", EnumOptions.label(given.sum()));
    json.put("virtual_nodes", options.virtualNodes());
    json.put("batch_size", options.batchSize());
    json.put("batch_size_per_rank", (double) options.batchSize() / ranks.size());
    json.put("operations", traffic.operations());
    json.put("bytes_sent", traffic.bytesSent());
    json.put("bytes_received", traffic.bytesReceived());
    json.put("wait_seconds", traffic.waitNanos() / 1e9);
    return json;
  }
}
