package io.millrace.cli.command;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Where {@code --json} writes: in goes the text of the result, out comes a file that is there whole
 * or not at all.
 *
 * <p>A file that is there keeps its permissions. A link stays, the file that it leads to is
 * replaced, but only by its like: an empty file or one of JSON. What is there and no regular file
 * (a device, a pipe) is written to as it is, since a rename would put a file in its place.
 * Immutable.
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
    if (Files.isSymbolicLink(given) && !isDevice(given) && !isJson(given)) {
      throw BadInputException.of(
          "--json is a link to a file that is not JSON; the file is kept", "link", given);
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

  /** Whether a file begins as a result does, or has nothing in it. */
  private static boolean isJson(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      int first = in.read();
      return first < 0 || first == '{';
    } catch (IOException _) {
      return false;
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

  private static void replace(Path target, String text) throws IOException {
    Set<PosixFilePermission> before = permissions(target);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        target,
        file -> AtomicFile.stream(file).write(bytes),
        false,
        partial -> {
          if (!before.isEmpty()) {
            Files.setPosixFilePermissions(partial, before);
          }
        });
  }

  /** None where there is no file, or the system has none. */
  private static Set<PosixFilePermission> permissions(Path file) throws IOException {
    try {
      return Files.getPosixFilePermissions(file);
    } catch (NoSuchFileException | UnsupportedOperationException _) {
      return Set.of();
    }
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
      throw BadInputException.of("cannot write JSON", "file", given, "cause", IoErrors.cause(e));
    }
  }
}
