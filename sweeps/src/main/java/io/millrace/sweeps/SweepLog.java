package io.millrace.sweeps;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.millrace.BadInputException;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The events of a sweep in {@code trials.jsonl}, a line each. A line is on disk before its event
 * has any effect, so the file leads to where the sweep was when it was killed; a line that was not
 * completed is dropped. One thread at a time, which closes it.
 */
final class SweepLog implements AutoCloseable {
  static final String FILE = "trials.jsonl";

  private static final Map<String, Class<? extends SweepEvent>> KINDS =
      Map.of(
          "sweep", SweepEvent.Opened.class,
          "begin", SweepEvent.Began.class,
          "report", SweepEvent.Reported.class,
          "failure", SweepEvent.Failed.class,
          "copy", SweepEvent.Copied.class,
          "test", SweepEvent.Tested.class);

  private static final Gson GSON =
      new GsonBuilder()
          .serializeSpecialFloatingPointValues()
          .disableHtmlEscaping()
          .registerTypeAdapter(OptionalDouble.class, new OptionalNumber())
          .create();

  private final Path file;
  private final FileChannel channel;

  private SweepLog(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens the file of a folder to append to, and drops an incomplete last line.
   *
   * @throws BadInputException if it cannot be written
   */
  static SweepLog open(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      byte[] bytes = Files.readAllBytes(file);
      channel.truncate(endOfLines(bytes)).position(endOfLines(bytes));
      return new SweepLog(file, channel);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static int endOfLines(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  /**
   * The events of a file.
   *
   * @throws BadInputException with file and line, if it is no log of a sweep
   */
  static List<SweepEvent> read(Path file) {
    return parse(file, bytes(file));
  }

  static byte[] bytes(Path file) {
    IoErrors.requireRegular(file);
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  /**
   * The events of a file that was read, without an incomplete last line.
   *
   * @throws BadInputException as {@link #read}
   */
  static List<SweepEvent> parse(Path file, byte[] bytes) {
    List<SweepEvent> events = new ArrayList<>();
    String text = new String(bytes, 0, endOfLines(bytes), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      events.add(parse(file, events.size() + 1, line));
    }
    return events;
  }

  private static SweepEvent parse(Path file, int number, String line) {
    try {
      JsonObject json = GSON.fromJson(line, JsonObject.class);
      SweepEvent event = GSON.fromJson(json, KINDS.get(json.get("event").getAsString()));
      requireComplete(event);
      return event;
    } catch (JsonParseException
        | NullPointerException
        | IllegalStateException
        | UnsupportedOperationException e) {
      throw new BadInputException(
          "not a line of a sweep's log: file=" + file + ", line=" + number, e);
    }
  }

  private static void requireComplete(SweepEvent event) {
    switch (event) {
      case SweepEvent.Opened it -> Map.copyOf(it.settings());
      case SweepEvent.Began it -> Map.copyOf(it.settings());
      case SweepEvent.Reported it -> it.decision().name();
      case SweepEvent.Failed it -> it.decision().name();
      case SweepEvent.Copied it -> Map.copyOf(it.settings());
      case SweepEvent.Tested it -> it.test().isPresent();
    }
  }

  /**
   * @throws BadInputException if it cannot be written
   */
  void append(SweepEvent event) {
    JsonObject json = new JsonObject();
    KINDS.forEach(
        (name, kind) -> {
          if (kind.isInstance(event)) {
            json.addProperty("event", name);
          }
        });
    GSON.toJsonTree(event).getAsJsonObject().asMap().forEach(json::add);
    try {
      ByteBuffer line =
          ByteBuffer.wrap((GSON.toJson(json) + "\n").getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.force(false);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static BadInputException cannotWrite(Path file, IOException e) {
    return BadInputException.of(
        "a sweep's log cannot be written", "file", file, "cause", IoErrors.cause(e));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  /** A number, or null for none. */
  private static final class OptionalNumber extends TypeAdapter<OptionalDouble> {
    @Override
    public void write(JsonWriter out, OptionalDouble value) throws IOException {
      if (value.isPresent()) {
        out.value(value.getAsDouble());
      } else {
        boolean before = out.getSerializeNulls();
        out.setSerializeNulls(true);
        out.nullValue();
        out.setSerializeNulls(before);
      }
    }

    @Override
    public OptionalDouble read(JsonReader in) throws IOException {
      if (in.peek() == JsonToken.NULL) {
        in.nextNull();
        return OptionalDouble.empty();
      }
      return OptionalDouble.of(in.nextDouble());
    }
  }
}
