package io.millrace.cli.command;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.millrace.Internal;
import io.millrace.Printable;
import java.nio.file.Path;
import java.util.Arrays;
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
  private boolean quiet;
  private final boolean jsonAlone;
  private final Optional<JsonFile> jsonFile;
  private boolean silent;

  /** Refuses a {@code --json} that cannot be written, before any work is done. */
  @Internal
  public Output(Streams streams, CommonOptions common) {
    this.streams = streams;
    this.quiet = common.quiet;
    this.jsonAlone = common.json.equals(Optional.of(STANDARD_OUTPUT));
    this.jsonFile = jsonAlone ? Optional.empty() : common.json.map(JsonFile::new);
  }

  /** From now on prints and writes nothing, because another process says the same. */
  @Internal
  public void silence() {
    silent = true;
    quiet = true;
  }

  /** A line of the result; see {@link java.util.Formatter}. */
  public void result(String format, Object... values) {
    if (!jsonAlone && !silent) {
      streams.out().println(Format.format(format, printable(values)));
    }
  }

  /** Hands on what was printed, for a command that goes on for long. */
  public void flush() {
    streams.out().flush();
  }

  /** The result as rows of name and value. */
  public void table(Map<String, ?> rows) {
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    rows.forEach((name, value) -> result("%-" + width + "s  %s", name, value));
  }

  /** A line in addition to the result. */
  public void note(String format, Object... values) {
    if (!quiet) {
      streams.err().println(Format.format(format, printable(values)));
    }
  }

  /** A note while a bar is on the terminal. */
  @Internal
  public void noteAbove(ProgressLine line, String text) {
    if (!quiet) {
      streams.err().println(line.above(Printable.of(text)));
    }
  }

  /** What may come from a file or an argument must neither end a line nor control the terminal. */
  private static Object[] printable(Object... values) {
    return Arrays.stream(values)
        .map(
            it ->
                it instanceof Number || it instanceof Boolean
                    ? it
                    : Printable.of(String.valueOf(it)))
        .toArray();
  }

  /** A view of the progress of imports and the like; the caller closes it. */
  public StageProgress stages() {
    return new StageProgress(this, progressLine());
  }

  /** A bar on a terminal, otherwise plain lines between the caller's notes. */
  @Internal
  public ProgressLine progressLine() {
    return quiet ? ProgressLine.NONE : ProgressLine.on(streams.err());
  }

  /** Lines that change in place on a terminal, and nothing elsewhere. */
  @Internal
  public LiveLines liveLines() {
    return new LiveLines(streams.err(), quiet ? 0 : Integer.getInteger(ProgressLine.COLUMNS, 0));
  }

  /** The file of {@code --json}, if it was given. */
  void writeJson(Object result) {
    if (silent) {
      return;
    }
    String text = GSON.toJson(result) + "\n";
    if (jsonAlone) {
      streams.out().print(text);
    }
    jsonFile.ifPresent(file -> file.write(text));
  }
}
