package io.millrace.cli.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import io.millrace.BadInputException;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.LimitedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options that a training was given, in {@code options.json} of its directory: on {@code
 * --resume} they are the defaults. Immutable.
 *
 * @param values values by the options' names, as they were written
 */
record SavedOptions(Map<String, String> values) implements IDefaultValueProvider {
  /** No options. */
  static final SavedOptions NONE = new SavedOptions(Map.of());

  private static final String COUNT = "[1-9]\\d{0,8}";
  private static final String WORD = "[\\w.-]{1,32}";

  /** What {@code tune} may decide, as no batch depends on it, and what its values look like. */
  private static final Map<String, String> TUNED =
      Map.of(
          "--workers", COUNT,
          "--compute-threads", COUNT,
          "--slots", COUNT,
          "--device-slots", COUNT,
          "--id-map", WORD,
          "--feature-type", WORD,
          "--residence", WORD,
          "--feature-cache", WORD,
          "--evaluation-cache", WORD);

  private static final int MAX_BYTES = 1 << 20;
  private static final String FILE = "options.json";
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /**
   * Options of one run of the command, not of the training. They are not read either, because a
   * directory from somebody else must not decide where to write.
   */
  private static final Set<String> NOT_KEPT =
      Set.of(
          "--save",
          "--resume",
          "--settings",
          "--json",
          "--quiet",
          "--debug",
          "--ranks",
          "--hosts",
          "--rank",
          "--secret-file",
          "--collective",
          "--batch-size-per-rank",
          "--profiles",
          "--partition",
          "--remote-cache",
          "--rank-timeout",
          "--restarts",
          "--resize-file",
          "--tls-keystore",
          "--tls-truststore",
          "--tls-password-file",
          "--child-rank");

  /** The options that a command was given. */
  static SavedOptions given(CommandSpec command) {
    Map<String, String> values = new LinkedHashMap<>();
    for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
      if (!NOT_KEPT.contains(option.longestName())) {
        values.put(option.longestName(), value(option));
      }
    }
    return new SavedOptions(values);
  }

  /** The value as it was written, but files as absolute paths; a flag may have been negated. */
  private static String value(OptionSpec option) {
    Object typed = option.typedValues().getLast();
    Object value = typed instanceof Optional<?> given ? given.get() : typed;
    return switch (value) {
      case Path file -> file.toAbsolutePath().toString();
      case WeightsChoice weights -> weights.place();
      default ->
          option.arity().max() > 0 ? option.originalStringValues().getLast() : value.toString();
    };
  }

  /**
   * The options in a directory; none if it has none.
   *
   * @throws BadInputException if they cannot be read
   */
  static SavedOptions in(Path directory) {
    return read(directory.resolve(FILE));
  }

  /**
   * The settings that {@code tune} has found.
   *
   * @throws BadInputException if the file cannot be read, or has other options
   */
  static SavedOptions tuned(Path file) {
    if (!Files.exists(file)) {
      throw BadInputException.of("no such file of settings", "--settings", file);
    }
    SavedOptions found = read(file);
    if (!TUNED.keySet().containsAll(found.values.keySet())) {
      throw BadInputException.of(
          "settings of tune are " + new TreeSet<>(TUNED.keySet()),
          "--settings",
          file,
          "options",
          found.values.keySet());
    }
    found.values.forEach(
        (option, value) -> {
          if (!value.matches(TUNED.get(option))) {
            throw BadInputException.of(
                "settings of tune are numbers above 0 and words",
                "--settings",
                file,
                "option",
                option,
                "found",
                value);
          }
        });
    return found;
  }

  private static SavedOptions read(Path file) {
    try {
      String text = LimitedText.read(file, MAX_BYTES, "options of the training are too long");
      Map<String, String> found = GSON.fromJson(text, new TypeToken<>() {});
      Map<String, String> values = new LinkedHashMap<>(found);
      values.keySet().removeAll(NOT_KEPT);
      return new SavedOptions(Map.copyOf(values));
    } catch (NoSuchFileException _) {
      return NONE;
    } catch (IOException | JsonParseException | NullPointerException e) {
      throw BadInputException.of("options of the training cannot be read", "file", file);
    }
  }

  /** These options, except that values of the other replace those of the same name. */
  SavedOptions with(SavedOptions other) {
    Map<String, String> all = new LinkedHashMap<>(values);
    all.putAll(other.values);
    return new SavedOptions(all);
  }

  /** Writes the options into a directory, which is made if it is missing. */
  void write(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw BadInputException.of("options cannot be kept", "directory", directory, "cause", e);
    }
    writeTo(directory.resolve(FILE));
  }

  /** Writes the options as a file. */
  void writeTo(Path file) {
    try {
      AtomicFile.write(file, GSON.toJson(values), true);
    } catch (IOException e) {
      throw BadInputException.of(
          "options cannot be kept", "file", file, "cause", IoErrors.cause(e));
    }
  }

  /** Returns the default as picocli asks for it: null for an option that is not here. */
  @Override
  public String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option ? values.get(option.longestName()) : null;
  }

  /** The options as they are written on the command line. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(option -> option.getKey() + " " + option.getValue())
        .sorted()
        .collect(Collectors.joining(" "));
  }
}
