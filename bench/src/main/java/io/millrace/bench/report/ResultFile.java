package io.millrace.bench.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.bench.report.BarChart.Bar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a benchmark has written as JSON. It decides which of the figures are worth a bar. */
record ResultFile(Path file, JsonObject json) {
  private static final String PRODUCT = "millrace";

  /** In the order of the pipeline, which is that of the charts. */
  private static final List<String> PLOTTED =
      List.of("bench sampler", "bench slicer", "bench step", "bench infer", "bench import");

  static ResultFile read(Path file) {
    try {
      JsonElement json = JsonParser.parseString(Files.readString(file));
      if (json.isJsonObject()) {
        return new ResultFile(file, json.getAsJsonObject());
      }
    } catch (IOException | JsonParseException e) {
      throw new BadInputException("cannot read a benchmark's result: file=" + file, e);
    }
    throw BadInputException.of("not a benchmark's result", "file", file);
  }

  /** By the benchmark, then by the name of the file. */
  static Comparator<ResultFile> order() {
    return Comparator.<ResultFile>comparingInt(result -> PLOTTED.indexOf(result.command()))
        .thenComparing(ResultFile::file);
  }

  private String command() {
    return json.has("command") && json.get("command").isJsonPrimitive()
        ? json.get("command").getAsString()
        : "";
  }

  /** Empty if the benchmark is none of those that are plotted. */
  Optional<BarChart> chart() {
    try {
      return switch (command()) {
        case "bench sampler" -> json.has("runs") ? Optional.of(sampler()) : Optional.empty();
        case "bench slicer" -> Optional.of(slicer());
        case "bench step" -> Optional.of(step());
        case "bench infer" -> Optional.of(infer());
        case "bench import" -> Optional.of(imported());
        default -> Optional.empty();
      };
    } catch (NullPointerException | ClassCastException | IllegalStateException e) {
      throw new BadInputException("not a complete result of a benchmark: file=" + file, e);
    }
  }

  private BarChart sampler() {
    String first = text(json.getAsJsonArray("runs").get(0).getAsJsonObject(), "name");
    return new BarChart(
        "Sampling, " + text(json, "dataset"),
        "million edges per second",
        bars(
            "runs",
            run -> Optional.of(threads(run, number(run, "edges_per_second") / 1e6, first))));
  }

  private BarChart slicer() {
    return new BarChart(
        "Gathering feature rows, float32",
        "million rows per second",
        bars(
            "variants",
            variant ->
                text(variant, "type").equals("float32")
                    ? Optional.of(
                        threads(variant, number(variant, "rows_per_second") / 1e6, "native"))
                    : Optional.empty()));
  }

  private BarChart step() {
    String chosen = text(json, "chosen");
    return new BarChart(
        "A GraphSAGE training step (shorter is better)",
        "milliseconds",
        bars(
            "variants",
            variant -> {
              String name = text(variant, "name");
              return Optional.of(
                  new Bar(
                      name.equals(chosen) ? PRODUCT + ": " + name : name,
                      "",
                      number(variant, "step_ms"),
                      name.equals(chosen)));
            }));
  }

  private BarChart infer() {
    double exact = number(json.getAsJsonObject("layerwise"), "nodes_per_second") / 1e3;
    double sampled = number(json.getAsJsonObject("sampled"), "nodes_per_second") / 1e3;
    return new BarChart(
        "Inference over all nodes, " + text(json, "dataset"),
        "thousand nodes per second",
        List.of(
            new Bar(PRODUCT + ": layer by layer", "", exact, true),
            new Bar("sampled neighbours", "", sampled, false)));
  }

  private BarChart imported() {
    return new BarChart(
        "Importing a text table of edges",
        "million edges per second",
        bars(
            "runs",
            run ->
                text(run, "part").equals("import")
                    ? Optional.of(threads(run, number(run, "edges_per_second") / 1e6, PRODUCT))
                    : Optional.empty()));
  }

  private List<Bar> bars(String array, Function<JsonObject, Optional<Bar>> bar) {
    List<Bar> bars = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray(array)) {
      bar.apply(element.getAsJsonObject()).ifPresent(bars::add);
    }
    return bars;
  }

  private static Bar threads(JsonObject run, double value, String product) {
    String name = text(run, "name");
    int threads = run.get("threads").getAsInt();
    boolean isProduct = name.equals(product);
    return new Bar(
        isProduct && !name.startsWith(PRODUCT) ? PRODUCT + ": " + name : name,
        threads == 1 ? "1 thread" : threads + " threads",
        value,
        isProduct);
  }

  private static String text(JsonObject object, String name) {
    return object.get(name).getAsString();
  }

  private static double number(JsonObject object, String name) {
    return object.get(name).getAsDouble();
  }
}
