package io.millrace.cli.train;

import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.ranks.RankOptions;
import io.millrace.ranks.Collective;
import io.millrace.ranks.Traffic;
import io.millrace.ranks.params.Staleness;
import io.millrace.tuning.balance.Balance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code train} reports about ranks. Stateless. */
final class RankText {
  private RankText() {}

  static String of(Collective ranks, TrainOptions options, Staleness staleness) {
    return Format.format(
        "ranks: %d, virtual nodes: %d, batch size: %s (%.1f per rank)%s",
        ranks.size(),
        options.virtualNodes(),
        Format.count(options.batchSize()),
        (double) options.batchSize() / ranks.size(),
        staleness.isStale() ? ", staleness: " + staleness : "");
  }

  /** Traffic is that of rank 0. */
  static Map<String, Object> json(
      Collective ranks, TrainOptions options, RankOptions given, double[] stepMillis) {
    Staleness staleness = given.staleness();
    Traffic traffic = ranks.traffic();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("ranks", ranks.size());
    json.put("sum", EnumOptions.label(given.sum()));
    json.put("restarts", given.changes().numRestarts());
    json.put("resizes", given.changes().numResizes());
    json.put("virtual_nodes", options.virtualNodes());
    json.put("batch_size", options.batchSize());
    json.put("batch_size_per_rank", (double) options.batchSize() / ranks.size());
    json.put("staleness", staleness.bound());
    json.put("stale_read", EnumOptions.label(staleness.read()));
    json.put("operations", traffic.operations());
    json.put("bytes_sent", traffic.bytesSent());
    json.put("bytes_received", traffic.bytesReceived());
    json.put("wait_seconds", traffic.waitNanos() / 1e9);
    json.put("plan", plan(options.balance(), stepMillis));
    json.put("imbalance", imbalance(stepMillis));
    return json;
  }

  private static List<Map<String, Object>> plan(Optional<Balance> balance, double[] stepMillis) {
    List<Map<String, Object>> plan = new ArrayList<>();
    for (int r = 0; r < stepMillis.length; r++) {
      int rank = r;
      Map<String, Object> share = new LinkedHashMap<>();
      share.put("rank", rank);
      balance.ifPresent(
          it -> {
            int virtualNodes = it.shares().get(rank).virtualNodes();
            share.put("virtual_nodes", virtualNodes);
            share.put("batch", it.batchSize() * (double) virtualNodes / it.virtualNodes());
            share.put("predicted_ms", it.shares().get(rank).millis());
          });
      share.put("measured_ms", stepMillis[r]);
      plan.add(share);
    }
    return plan;
  }

  /** The time of the slowest rank by the mean of those that compute; 1 if all are equal. */
  private static double imbalance(double[] stepMillis) {
    return Arrays.stream(stepMillis).max().orElse(0)
        / Arrays.stream(stepMillis).filter(it -> it > 0).average().orElse(1);
  }

  /** Lines that say what each rank was to do, and how long it took. */
  static List<String> balance(Balance balance, double[] stepMillis) {
    List<String> lines = new ArrayList<>();
    for (int r = 0; r < stepMillis.length; r++) {
      Balance.Share share = balance.shares().get(r);
      lines.add(
          Format.format(
              "rank %d: %d of %d virtual nodes, %.1f ms a step, predicted %.1f ms",
              r, share.virtualNodes(), balance.virtualNodes(), stepMillis[r], share.millis()));
    }
    lines.add(Format.format("imbalance: %.2f (slowest rank by mean)", imbalance(stepMillis)));
    return lines;
  }
}
