package io.millrace.cli.command;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where {@code --json} writes: in goes the text of the result, out comes a file that is there whole
 * or not at all.
 *
 * <p>A link stays, the file that it leads to is replaced. What is there and no regular file (a
 * device, a pipe) is written to as it is, since a rename would put a file in its place. Immutable.
 *
 * @param given as the user wrote it
 */
record JsonFile(Path given) {

  /** Refuses what cannot be written, before any work is done. */
  JsonFile {
    if (Files.isDirectory(given) || !canBeWritten(given)) {
      throw BadInputException.of(
          "--json must be a file in a folder that can be written", "file", given);
    }
  }

  private static boolean canBeWritten(Path file) {
    if (isDevice(file)) {
      return Files.isWritable(file);
    }
    try {
      return Files.isWritable(target(file).getParent());
    } catch (IOException _) {
      return false; // a link that leads nowhere
    }
  }

  private static boolean isDevice(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /** The file to replace or to make, no link. */
  private static Path target(Path file) throws IOException {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        ? file.toRealPath()
        : file.toAbsolutePath();
  }

  void write(String text) {
    try {
      if (isDevice(given)) {
        try (OutputStream out = Files.newOutputStream(given, StandardOpenOption.WRITE)) {
          out.write(text.getBytes(StandardCharsets.UTF_8));
        }
      } else {
        AtomicFile.write(target(given), text, false);
      }
    } catch (IOException e) {
      throw BadInputException.of("cannot write JSON", "file", given, "cause", IoErrors.cause(e));
    }
  }
}
