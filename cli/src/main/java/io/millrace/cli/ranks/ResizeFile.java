package io.millrace.cli.ranks;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The file in which the user asks for other ranks while a training runs. It is looked at between
 * two steps, and read when it has changed. Used by one thread, on rank 0.
 */
final class ResizeFile {
  private static final int MAX_BYTES = 1 << 16;

  private final Path file;
  private final Function<String, Optional<String>> request;
  private final Consumer<String> note;
  private Optional<FileTime> seen = Optional.empty();

  /**
   * @param request gives what the ranks are to change to, in the words that all ranks are given;
   *     empty if it is what they are; throws a BadInputException if it cannot be
   * @param note shows why a request is not followed
   */
  ResizeFile(Path file, Function<String, Optional<String>> request, Consumer<String> note) {
    this.file = file;
    this.request = request;
    this.note = note;
  }

  /** The request, if there is a new one. */
  Optional<String> next() {
    try {
      FileTime time = Files.getLastModifiedTime(file);
      if (seen.equals(Optional.of(time))) {
        return Optional.empty();
      }
      seen = Optional.of(time);
      if (Files.size(file) > MAX_BYTES) {
        throw BadInputException.of("the list of ranks is too long", "maxBytes", MAX_BYTES);
      }
      String text = Files.readString(file).strip();
      return text.isEmpty() ? Optional.empty() : request.apply(text);
    } catch (BadInputException e) {
      note.accept("--resize-file is not followed: " + e.getMessage());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // there is none yet, or it is being written
    }
  }
}
