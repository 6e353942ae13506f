package io.millrace.cli.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.millrace.BadInputException;
import io.millrace.training.EpochReport;
import io.millrace.training.TrainingListener;
import io.millrace.training.metrics.Evaluation;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Writes one line per epoch, while the training runs, to {@code epochs.csv} (names in the first
 * line) and {@code epochs.jsonl} (one object per line) of a directory.
 *
 * <p>A line is written at once and whole. Existing lines of this epoch or later ones, and an
 * incomplete line, are dropped first, so a training that restarts or resumes leaves each epoch
 * once. A file keeps its columns. Called by the thread that trains. The next class to read is
 * {@link EpochRecord}.
 */
final class EpochLog implements TrainingListener {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  private static final String CSV = "epochs.csv";
  private static final String LINES = "epochs.jsonl";

  /** All that it writes. */
  static final List<String> FILES = List.of(CSV, LINES);

  private final Path directory;

  /**
   * @param directory the directory, which is made if it is missing
   */
  EpochLog(Path directory) {
    this.directory = directory;
  }

  @Override
  public void epochDone(EpochReport report, Evaluation valid) {
    Map<String, Object> figures = EpochRecord.of(report, valid);
    List<String> columns = columns(figures);
    append(CSV, report.epoch(), List.of(String.join(",", columns)), csv(figures, columns));
    append(LINES, report.epoch(), List.of(), GSON.toJson(figures));
  }

  /** Those of the file, which an older version may have begun; otherwise one for each figure. */
  private List<String> columns(Map<String, Object> figures) {
    Path file = directory.resolve(CSV);
    if (Files.isRegularFile(file)) {
      try (BufferedReader lines = Files.newBufferedReader(file)) {
        List<String> found = List.of(Objects.toString(lines.readLine(), "").split(","));
        if (figures.keySet().containsAll(found)) {
          return found;
        }
      } catch (IOException e) {
        throw BadInputException.of("epochs cannot be logged", "file", file, "cause", e);
      }
    }
    return List.copyOf(figures.keySet());
  }

  private static String csv(Map<String, Object> figures, List<String> columns) {
    return columns.stream()
        .map(column -> Objects.toString(figures.get(column), ""))
        .collect(Collectors.joining(","));
  }

  /**
   * @param numBefore number of lines of epochs that stay
   * @param head the lines before those of the epochs
   */
  private void append(String name, int numBefore, List<String> head, String line) {
    Path file = directory.resolve(name);
    try {
      Files.createDirectories(directory);
      try (FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        long kept = endOfLine(channel, head.size() + numBefore);
        String text = kept == 0 ? String.join("\n", head) + (head.isEmpty() ? "" : "\n") : "";
        channel.truncate(kept).position(kept);
        ByteBuffer bytes = ByteBuffer.wrap((text + line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    } catch (IOException e) {
      throw BadInputException.of("epochs cannot be logged", "file", file, "cause", e);
    }
  }

  /** The position where this many lines end, or, if there are fewer, the last complete one. */
  private static long endOfLine(FileChannel channel, int numLines) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
      // until everything is read
    }
    int end = 0;
    for (int i = 0, seen = 0; i < bytes.position() && seen < numLines; i++) {
      if (bytes.get(i) == '\n') {
        seen++;
        end = i + 1;
      }
    }
    return end;
  }
}
