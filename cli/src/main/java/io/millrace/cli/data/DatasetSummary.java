package io.millrace.cli.data;

import io.millrace.Progress;
import io.millrace.cli.command.EnumOptions;
import io.millrace.cli.command.Format;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.StageProgress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.RoundingError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Runs an import or a generator, and says what it made and what to do with it. */
final class DatasetSummary {
  private DatasetSummary() {}

  /**
   * @param work makes the dataset in {@code out}
   * @return the result for JSON
   */
  static Map<String, Object> by(
      String command, Path out, Output output, Function<Progress, DatasetDescription> work) {
    DatasetDescription made;
    long startNanos = System.nanoTime();
    try (StageProgress progress = output.stages()) {
      made = work.apply(progress);
    }
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    made.findings().stream()
        .flatMap(findings -> findings.lines().stream())
        .forEach(line -> output.note("%s", line));
    output.result(
        "%s: %s nodes, %s edges%s%s%s, %s, in %.1f s: %s",
        made.name(),
        Format.count(made.numNodes()),
        Format.count(made.numEdges()),
        made.features().map(DatasetSummary::text).orElse(""),
        made.numClasses().isPresent() ? ", " + made.numClasses().getAsInt() + " classes" : "",
        made.targets().map(it -> ", " + it.count() + " targets").orElse(""),
        Format.bytes(made.totalBytes()),
        seconds,
        out);
    output.note("next: millrace %s", next(made, Format.argument(out)));

    Map<String, Object> result = new LinkedHashMap<>();
    result.put("command", command);
    result.put("out", out.toString());
    result.put("name", made.name());
    result.put("fingerprint", made.fingerprint());
    result.put("num_nodes", made.numNodes());
    result.put("num_edges", made.numEdges());
    result.put("directed", made.directed());
    made.features().ifPresent(features -> features.putInto(result));
    made.numClasses().ifPresent(classes -> result.put("num_classes", classes));
    made.targets()
        .ifPresent(
            targets -> {
              result.put("num_targets", targets.count());
              result.put("target_names", targets.names());
            });
    result.put("source", made.source());
    made.licence().ifPresent(licence -> result.put("licence", licence));
    made.findings().ifPresent(findings -> result.put("import", findings.map()));
    result.put("total_bytes", made.totalBytes());
    result.put("seconds", seconds);
    return result;
  }

  private static String next(DatasetDescription made, String out) {
    if (made.features().isEmpty() || made.numClasses().isEmpty() && made.targets().isEmpty()) {
      return "inspect " + out;
    }
    return "train " + out + (made.numClasses().isPresent() ? "" : " --task regression");
  }

  private static String text(DatasetDescription.Features features) {
    String text = Format.format(", %d features", features.dim());
    return features.rounding().isEmpty()
        ? text
        : text
            + " ("
            + EnumOptions.label(features.type())
            + ", "
            + text(features.rounding().get())
            + ")";
  }

  private static String text(RoundingError rounding) {
    return rounding.maxAbsolute() == 0
        ? "which holds all values as they are"
        : Format.format(
            "rounded by at most %.2g, or %.2g of a value",
            rounding.maxAbsolute(), rounding.maxRelative());
  }
}
