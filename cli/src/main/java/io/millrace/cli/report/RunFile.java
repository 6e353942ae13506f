package io.millrace.cli.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes {@code run.json} when a training ends: its result, settings, verdict, and where the time
 * went. {@code SavedRun} reads it. Stateless.
 */
@Internal
public final class RunFile {
  private static final double NANOS = 1e9;
  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .serializeNulls()
          .serializeSpecialFloatingPointValues()
          .create();

  private RunFile() {}

  /**
   * Writes the file; an earlier one is replaced.
   *
   * @param directory of the saved training
   * @param summary values as Gson writes them; null where one is not known
   * @throws BadInputException if it cannot be written
   */
  public static void write(Path directory, Map<String, Object> summary) {
    Path file = directory.resolve(SavedRun.SUMMARY);
    try {
      AtomicFile.write(file, GSON.toJson(summary), false);
    } catch (IOException e) {
      throw BadInputException.of(
          "result of the training cannot be kept", "file", file, "cause", IoErrors.cause(e));
    }
  }

  /** Metrics for JSON: per thread and stage, times in seconds. */
  public static Map<String, Object> json(PipelineMetrics metrics) {
    Map<String, Object> threads = new LinkedHashMap<>();
    metrics.tracks().forEach((track, stages) -> threads.put(track, stages(stages)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("wall_seconds", metrics.wallNanos() / NANOS);
    json.put("process_cpu_seconds", metrics.processCpuNanos() / NANOS);
    json.put("other_cpu_seconds", metrics.otherCpuNanos() / NANOS);
    json.put("threads", threads);
    return json;
  }

  private static Map<String, Object> stages(Map<Stage, StageTotals> stages) {
    Map<String, Object> json = new LinkedHashMap<>();
    stages.forEach(
        (stage, totals) -> {
          if (totals.wallNanos() > 0) {
            json.put(stage.label().replace(' ', '_'), totals(totals));
          }
        });
    return json;
  }

  private static Map<String, Object> totals(StageTotals totals) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("count", totals.count());
    json.put("wall_seconds", totals.wallNanos() / NANOS);
    json.put("cpu_seconds", totals.cpuNanos() / NANOS);
    json.put("nodes", totals.nodes());
    json.put("edges", totals.edges());
    json.put("bytes", totals.bytes());
    return json;
  }
}
