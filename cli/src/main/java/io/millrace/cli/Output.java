package io.millrace.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.millrace.datasets.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * What one command says: results to standard output, notes and progress to standard error unless
 * {@code --quiet}, and its result as JSON where {@code --json} says.
 *
 * <p>Used by one thread. The next class to read is {@link StageProgress}.
 */
public final class Output {
  private static final Path STANDARD_OUTPUT = Path.of("-");
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private final Streams streams;
  private final boolean quiet;
  private final Optional<Path> json;

  /** Refuses a {@code --json} that cannot be written, before any work is done. */
  Output(Streams streams, CommonOptions common) {
    this.streams = streams;
    this.quiet = common.quiet;
    this.json = common.json;
    json.filter(file -> !file.equals(STANDARD_OUTPUT)).ifPresent(Output::requireWritable);
  }

  /** A line of the result; see {@link java.util.Formatter}. */
  public void result(String format, Object... values) {
    if (!json.equals(Optional.of(STANDARD_OUTPUT))) {
      streams.out().println(Text.format(format, values));
    }
  }

  /** The result as rows of name and value. */
  public void table(Map<String, ?> rows) {
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    rows.forEach((name, value) -> result("%-" + width + "s  %s", name, value));
  }

  /** A line beside the result. */
  public void note(String format, Object... values) {
    if (!quiet) {
      streams.err().println(Text.format(format, values));
    }
  }

  /** A view of the progress of imports and the like; the caller closes it. */
  public StageProgress stages() {
    return new StageProgress(this, progressLine());
  }

  /** A bar on a terminal, otherwise nothing: the plain lines are the caller's notes. */
  ProgressLine progressLine() {
    return quiet ? ProgressLine.NONE : ProgressLine.on(streams.err());
  }

  /** Writes the file beside its target and renames it, so that it is there whole or not at all. */
  void writeJson(Object result) {
    if (json.isEmpty()) {
      return;
    }
    String text = GSON.toJson(result) + "\n";
    Path target = json.get();
    if (target.equals(STANDARD_OUTPUT)) {
      streams.out().print(text);
      return;
    }
    Path file = target.toAbsolutePath();
    Path partial = file.resolveSibling("." + file.getFileName() + ".partial");
    try {
      Files.writeString(partial, text);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw BadInputException.of("cannot write JSON", "file", target, "cause", e);
    }
  }

  private static void requireWritable(Path target) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(target) || !Files.isWritable(folder)) {
      throw BadInputException.of(
          "--json must be a file in a folder that can be written", "file", target);
    }
  }
}
