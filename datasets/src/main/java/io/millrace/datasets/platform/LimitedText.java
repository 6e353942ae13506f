package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of UTF-8 text as a whole, unless it is too long. Stateless. */
@Internal
public final class LimitedText {
  private LimitedText() {}

  /**
   * @param maxBytes the longest that is read
   * @param tooLong the error for a longer one, for instance "a profile is too long"
   * @throws BadInputException if it is longer, or no regular file
   * @throws IOException if it is missing, or cannot be read
   */
  public static String read(Path file, long maxBytes, String tooLong) throws IOException {
    IoErrors.requireRegular(file);
    long bytes = Files.size(file);
    if (bytes > maxBytes) {
      throw BadInputException.of(tooLong, "file", file, "bytes", bytes, "max", maxBytes);
    }
    return Files.readString(file);
  }
}
