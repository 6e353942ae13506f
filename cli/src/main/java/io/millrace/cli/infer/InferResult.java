package io.millrace.cli.infer;

import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.training.inference.InferenceReport;
import io.millrace.training.inference.PassReport;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What {@code infer} prints and writes as JSON. */
final class InferResult {
  private InferResult() {}

  /**
   * @param shard of the work that was done, if that is not all
   */
  static void print(
      String dataset, InferenceReport report, Optional<String> shard, Path out, Output output) {
    if (report.alreadyFinished()) {
      output.result("%s: the results are there already: %s", dataset, out);
      return;
    }
    output.result(
        "%s: %s in %.1f s, peak memory %s: %s",
        dataset, computed(report), report.seconds(), Format.bytes(report.peakResidentBytes()), out);
    report
        .scores()
        .forEach(
            (split, score) ->
                output.result(
                    "%s: %s %s of %s nodes",
                    split.fileName(),
                    shown(score).title(),
                    value(score),
                    Format.count(score.numNodes())));
    shard.ifPresent(
        it -> output.note("shard %s is done; when all are: millrace infer ... --merge", it));
  }

  private static Metric shown(Evaluation score) {
    return score.targets().isPresent() ? Metric.R2 : Metric.ACCURACY;
  }

  private static String value(Evaluation score) {
    if (score.targets().isEmpty()) {
      return Format.percent(score.accuracy());
    }
    OptionalDouble r2 = Metric.R2.find(score);
    return r2.isPresent() ? Format.format("%.4f", r2.getAsDouble()) : "undefined";
  }

  /** How many results this process has computed, and of how many if not all. */
  private static String computed(InferenceReport report) {
    String all = Format.count(report.numNodes());
    if (report.numComputed() == 0) {
      return all + " nodes, computed before: done";
    }
    String computed = Format.count(report.numComputed());
    return Format.format(
        "%s nodes computed at %,.0f nodes/s",
        report.numComputed() == report.numNodes() ? all : computed + " of " + all,
        report.nodesPerSecond());
  }

  static Map<String, Object> json(InferenceReport report) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("already_finished", report.alreadyFinished());
    result.put("num_nodes", report.numNodes());
    result.put("seconds", report.seconds());
    result.put("nodes_per_second", report.nodesPerSecond());
    result.put("bytes_read", report.readBytes());
    result.put("peak_rss_bytes", report.peakResidentBytes());
    List<Object> layers = new ArrayList<>();
    report.passes().forEach(pass -> layers.add(json(pass)));
    result.put("layers", layers);
    Map<String, Object> splits = new LinkedHashMap<>();
    report.scores().forEach((split, score) -> splits.put(split.fileName(), score.figures()));
    result.put("splits", splits);
    return result;
  }

  private static Map<String, Object> json(PassReport pass) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("name", pass.name());
    result.put("seconds", pass.seconds());
    result.put("wait_seconds", pass.waitSeconds());
    result.put("num_nodes", pass.numNodes());
    result.put("num_edges", pass.numEdges());
    result.put("bytes_read", pass.readBytes());
    result.put("blocks", pass.numBatches());
    result.put("rows_in_parts", pass.numLongRows());
    result.put("slot_growths", pass.slotGrowths());
    return result;
  }
}
