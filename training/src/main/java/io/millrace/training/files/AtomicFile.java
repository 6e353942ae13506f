package io.millrace.training.files;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A text in a file of its own that is there whole or not at all. Stateless. */
@Internal
public final class AtomicFile {
  private AtomicFile() {}

  /** Written beside its target and renamed. */
  public static void write(Path file, String text) {
    write(file, text, file.getParent());
  }

  /**
   * Written by a name of this process's own, and renamed.
   *
   * @param folder where it is written, of the target's file system
   */
  public static void write(Path file, String text, Path folder) {
    Path beside = folder.resolve(file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      try (FileChannel channel =
          FileChannel.open(
              beside,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new BadInputException("cannot write: file=" + file + ", cause=" + e, e);
    }
  }

  /** Empty if there is no such file. */
  public static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new BadInputException("cannot read: file=" + file + ", cause=" + e, e);
    }
  }
}
