package io.millrace.cli.command;

import io.millrace.BadInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        replace(target(given), text);
      }
    } catch (IOException e) {
      throw BadInputException.of("cannot write JSON", "file", given, "cause", cause(e));
    }
  }

  private static void replace(Path file, String text) throws IOException {
    long pid = ProcessHandle.current().pid();
    Path partial = file.resolveSibling("." + file.getFileName() + ".partial-" + pid);
    try {
      Files.writeString(partial, text);
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial); // there only after a failure
    }
  }

  private static String cause(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
