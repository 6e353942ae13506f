package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/**
 * The right to be the one process that writes to a folder or a file. It is a {@link ProcessLock} on
 * a small file that holds the process id and is deleted by {@link #close}; after a kill the file
 * stays, and the next writer takes it over.
 *
 * <p>Where a file system has no locks, or refuses the small file, there is no protection: the write
 * itself reports what is wrong. {@link PartialDirectory} has the same rule for a new directory,
 * without another file. Used by one thread, which closes it.
 */
@Internal
public final class WriterLock implements AutoCloseable {
  private static final String NAME = ".writer";

  private final Path file;
  private final Optional<ProcessLock> lock;
  private final Optional<Path> madeFolder;

  private WriterLock(Path file, Optional<ProcessLock> lock, Optional<Path> madeFolder) {
    this.file = file;
    this.lock = lock;
    this.madeFolder = madeFolder;
  }

  /**
   * For the files of a folder, which is made if it is missing; {@link #close} deletes it if it is
   * still empty.
   *
   * @throws BadInputException if another process has it
   */
  public static WriterLock of(Path folder) {
    Optional<Path> missing = Files.exists(folder) ? Optional.empty() : Optional.of(folder);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(folder, "directory", e);
    }
    return take(folder, folder.resolve(NAME), missing);
  }

  /**
   * For one file, whose folder must exist.
   *
   * @throws BadInputException if another process has it
   */
  public static WriterLock ofFile(Path target) {
    Path small = target.resolveSibling("." + target.getFileName() + NAME);
    return take(target, small, Optional.empty());
  }

  /** Whether a folder is only what a killed process has left of its lock. */
  public static boolean isLeftOver(Path folder) {
    String[] names = folder.toFile().list();
    return names != null && names.length == 1 && names[0].equals(NAME);
  }

  private static WriterLock take(Path target, Path file, Optional<Path> madeFolder) {
    while (true) {
      Optional<Object> key = key(file);
      if (key.isEmpty()) {
        return new WriterLock(file, Optional.empty(), madeFolder);
      }
      Optional<ProcessLock> lock;
      try {
        lock = ProcessLock.tryTake(file, false);
      } catch (BadInputException _) {
        return new WriterLock(file, Optional.empty(), madeFolder); // no locks here
      }
      if (lock.isEmpty()) {
        throw BadInputException.of(
            "another process is writing there", "out", target, "process", holder(file));
      }
      if (Objects.equals(key, key(file))) { // or the holder before has deleted it meanwhile
        lock.get().write(Long.toString(ProcessHandle.current().pid()));
        return new WriterLock(file, lock, madeFolder);
      }
      lock.get().close();
    }
  }

  /** What tells a file from its successor of the same name; made if it is missing. */
  private static Optional<Object> key(Path file) {
    while (true) {
      try {
        Files.createFile(file);
      } catch (FileAlreadyExistsException _) {
        // the usual case after a kill, or of a second process
      } catch (IOException _) {
        return Optional.empty();
      }
      try {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return Optional.of(key == null ? file : key);
      } catch (NoSuchFileException _) {
        // deleted by its holder: once more
      } catch (IOException _) {
        return Optional.empty();
      }
    }
  }

  /** The file must not be opened by the process that has locked it: that would end the lock. */
  private static String holder(Path file) {
    if (ProcessLock.isOfThisProcess(file)) {
      return Long.toString(ProcessHandle.current().pid());
    }
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      return text.matches("\\d{1,18}") ? text : "unknown";
    } catch (IOException _) {
      return "unknown";
    }
  }

  @Override
  public void close() {
    try {
      if (lock.isPresent()) {
        Files.deleteIfExists(file); // before it is unlocked: later it may be another's
      }
      if (madeFolder.isPresent()) {
        Files.deleteIfExists(madeFolder.get()); // fails where it has files
      }
    } catch (IOException _) {
      // What stays is taken over by the next writer.
    } finally {
      lock.ifPresent(ProcessLock::close);
    }
  }
}
