package io.millrace.cli.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.millrace.BadInputException;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.LimitedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * A training as {@code train --save} has left it: {@code epochs.jsonl}, and, if they are there,
 * {@code options.json} and {@code run.json}, which a training writes when it ends. Immutable.
 *
 * @param epochs figures by name, an object per epoch
 * @param options the options that were given, by their keys as in {@code run.json}
 * @param summary of {@code run.json}; empty for a training that has not ended or is older than it
 */
record SavedRun(
    Path directory, List<JsonObject> epochs, Map<String, String> options, JsonObject summary) {
  private static final String EPOCHS = "epochs.jsonl";
  private static final String OPTIONS = "options.json";
  static final String SUMMARY = "run.json";

  /** Options that say nothing of a single training. */
  private static final Set<String> OF_THE_COMMAND = Set.of("runs", "trace");

  private static final long MAX_BYTES = 64 << 20;

  /** An axis cannot have larger ones: the length of its range would be infinite. */
  private static final double MAX_NUMBER = 1e300;

  /** Whether the folder has epochs of a training. */
  static boolean isIn(Path directory) {
    return Files.exists(directory.resolve(EPOCHS));
  }

  /**
   * @throws BadInputException if the directory holds no epoch of a training, or a file is damaged
   */
  static SavedRun in(Path directory) {
    List<JsonObject> epochs = new ArrayList<>();
    if (isIn(directory)) {
      text(directory.resolve(EPOCHS)).lines().forEach(line -> epochs.add(epoch(line, directory)));
    }
    if (epochs.isEmpty()) {
      throw BadInputException.of("no epochs of a training in the folder", "directory", directory);
    }
    Map<String, String> options = values(object(directory.resolve(OPTIONS)));
    Path parent = directory.toAbsolutePath().normalize().getParent();
    if (options.isEmpty() && parent != null && isSeed(directory)) {
      options = values(object(parent.resolve(OPTIONS))); // --runs keeps them once
    }
    return new SavedRun(
        directory, List.copyOf(epochs), options, object(directory.resolve(SUMMARY)));
  }

  /** Whether it has the name of one of several runs: {@code seed-7}. */
  static boolean isSeed(Path directory) {
    Path name = directory.toAbsolutePath().normalize().getFileName();
    return name != null && name.toString().matches("seed--?\\d+");
  }

  private static JsonObject epoch(String line, Path directory) {
    JsonObject figures = parsed(line, directory.resolve(EPOCHS));
    if (number(figures, "epoch").isEmpty()) {
      throw unreadable(directory.resolve(EPOCHS));
    }
    return figures;
  }

  /** The object in a file; an empty one if there is no file. */
  private static JsonObject object(Path file) {
    return Files.exists(file) ? parsed(text(file), file) : new JsonObject();
  }

  private static JsonObject parsed(String text, Path file) {
    try {
      return JsonParser.parseString(text).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException | StackOverflowError _) {
      throw unreadable(file);
    }
  }

  private static String text(Path file) {
    try {
      return LimitedText.read(file, MAX_BYTES, "file of a training is too long");
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  private static BadInputException unreadable(Path file) {
    return BadInputException.of("file of a training is damaged", "file", file);
  }

  /** The plain values of an object by the keys of settings: {@code --batch-size} is batch_size. */
  private static Map<String, String> values(JsonObject object) {
    Map<String, String> values = new TreeMap<>();
    object
        .asMap()
        .forEach(
            (name, value) -> {
              if (value.isJsonPrimitive()) {
                values.put(name.replaceFirst("^--", "").replace('-', '_'), value.getAsString());
              }
            });
    return values;
  }

  /** A number that can be drawn; any other value counts as unknown. */
  private static OptionalDouble number(JsonObject object, String name) {
    JsonElement value = object.get(name);
    boolean isNumber =
        value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    return isNumber && Math.abs(value.getAsDouble()) <= MAX_NUMBER
        ? OptionalDouble.of(value.getAsDouble())
        : OptionalDouble.empty();
  }

  /** A number of the summary, for instance {@code test}. */
  OptionalDouble number(String name) {
    return number(summary, name);
  }

  /** A text of the summary, for instance {@code dataset}. */
  Optional<String> text(String name) {
    return Optional.ofNullable(values(summary).get(name));
  }

  /** Settings by name: those that the result depends on, and the options that were given. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(options);
    settings.keySet().removeAll(OF_THE_COMMAND);
    if (summary.get("settings") instanceof JsonObject all) {
      settings.putAll(values(all));
    }
    return settings;
  }

  /** Whether {@link #settings} has defaults, too. */
  boolean hasAllSettings() {
    return summary.has("settings");
  }

  /** The key of the metric that chooses the best epoch, for instance {@code f1_macro}. */
  String metric() {
    return text("metric")
        .orElseGet(() -> options.getOrDefault("metric", "accuracy").replace('-', '_'));
  }

  /** A figure by epoch, where it is known. */
  TreeMap<Integer, Double> figure(String name) {
    TreeMap<Integer, Double> values = new TreeMap<>();
    for (JsonObject epoch : epochs) {
      number(epoch, name)
          .ifPresent(value -> values.put((int) number(epoch, "epoch").getAsDouble(), value));
    }
    return values;
  }

  /** The earliest of the epochs that are best on the validation nodes, from 1. */
  OptionalDouble bestEpoch() {
    if (summary.has("best_epoch")) {
      return number("best_epoch");
    }
    TreeMap<Integer, Double> valid = figure("valid_" + metric());
    double best = valid.values().stream().mapToDouble(it -> it).max().orElse(Double.NaN);
    return valid.entrySet().stream()
        .filter(it -> it.getValue() == best)
        .mapToDouble(Map.Entry::getKey)
        .findFirst();
  }

  /** The metric on the validation nodes after the best epoch. */
  OptionalDouble valid() {
    return figure("valid_" + metric()).values().stream().mapToDouble(it -> it).max();
  }

  /** Mean time of an epoch of training. */
  OptionalDouble epochSeconds() {
    return figure("seconds").values().stream().mapToDouble(it -> it).average();
  }
}
