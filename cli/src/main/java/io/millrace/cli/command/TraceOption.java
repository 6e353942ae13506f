package io.millrace.cli.command;

import com.google.gson.stream.JsonWriter;
import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.transfer.trace.PipelineTrace;
import io.millrace.transfer.trace.Span;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * {@code --trace FILE}: a timeline of all stages, in the Trace Event Format (JSON) that
 * ui.perfetto.dev and chrome://tracing open.
 */
@Internal
public final class TraceOption {
  /** Some 100 MB in memory, and as much in the file. */
  static final int MAX_SPANS = 1_000_000;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Write a timeline of all stages and threads, for ui.perfetto.dev or chrome://tracing; it"
              + " ends after a million spans.")
  private Optional<Path> file = Optional.empty();

  /** Whether the option was given. */
  public boolean isPresent() {
    return file.isPresent();
  }

  /**
   * Begins to keep the timeline, if it was asked for.
   *
   * @throws BadInputException if the file's folder does not exist
   */
  public void begin(PipelineTrace trace) {
    file.ifPresent(
        path -> {
          IoErrors.requireFolder(path, "trace", "--trace");
          trace.keepTimeline(MAX_SPANS);
        });
  }

  /**
   * Writes the file, if it was asked for.
   *
   * @throws BadInputException if it cannot be written
   */
  public void write(PipelineTrace trace, Output output) {
    file.ifPresent(
        path -> {
          try {
            AtomicFile.write(path, channel -> write(trace, channel), false);
          } catch (IOException e) {
            throw new BadInputException(
                "a trace cannot be written: file=%s, cause=%s".formatted(path, e), e);
          }
          output.note("timeline: %s, to be opened in ui.perfetto.dev", path);
          if (trace.numSpansDropped() > 0) {
            output.note(
                "the timeline ends early: %s more spans did not fit",
                Format.count(trace.numSpansDropped()));
          }
        });
  }

  private static void write(PipelineTrace trace, FileChannel file) throws IOException {
    Map<String, Integer> threads = new LinkedHashMap<>();
    JsonWriter json =
        new JsonWriter(new OutputStreamWriter(AtomicFile.stream(file), StandardCharsets.UTF_8));
    json.beginObject().name("displayTimeUnit").value("ms").name("traceEvents").beginArray();
    for (Span span : trace.timeline()) {
      int thread = threads.computeIfAbsent(span.track(), _ -> threads.size() + 1);
      json.beginObject();
      json.name("name").value(span.stage().label());
      json.name("cat").value(span.stage().isWait() ? "wait" : "work");
      json.name("ph").value("X");
      json.name("ts").value(span.beginNanos() / 1e3);
      json.name("dur").value(span.wallNanos() / 1e3);
      json.name("pid").value(1).name("tid").value(thread);
      json.name("args").beginObject().name("batch").value(span.batch()).endObject();
      json.endObject();
    }
    for (Map.Entry<String, Integer> thread : threads.entrySet()) {
      json.beginObject().name("name").value("thread_name").name("ph").value("M");
      json.name("pid").value(1).name("tid").value(thread.getValue());
      json.name("args").beginObject().name("name").value(thread.getKey()).endObject();
      json.endObject();
    }
    json.endArray().endObject();
    json.flush();
  }
}
