package io.millrace.training.inference;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock on a small file: it ends with the process that holds it, however that ends, so nobody
 * waits for the dead.
 *
 * <p>The system's locks are a process's: they end when any of its channels to the file is closed.
 * So a file that this process has locked is not opened again. Used by one thread, which closes it.
 */
final class ProcessLock implements AutoCloseable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path name;
  private final FileChannel channel;

  private ProcessLock(Path name, FileChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  /** Empty if another process has it, or this one; with {@code shared}, several others may. */
  static Optional<ProcessLock> tryTake(Path file, boolean shared) {
    try {
      Path name = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
      if (!HELD.add(name)) {
        return Optional.empty();
      }
      Optional<ProcessLock> taken = Optional.empty();
      try {
        taken = lock(name, shared);
      } finally {
        if (taken.isEmpty()) {
          HELD.remove(name);
        }
      }
      return taken;
    } catch (IOException e) {
      throw new BadInputException("cannot lock: file=" + file + ", cause=" + e, e);
    }
  }

  private static Optional<ProcessLock> lock(Path name, boolean shared) throws IOException {
    FileChannel channel =
        FileChannel.open(
            name, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock(0, Long.MAX_VALUE, shared);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? Optional.empty() : Optional.of(new ProcessLock(name, channel));
  }

  @Override
  public void close() {
    if (!channel.isOpen()) {
      return; // another may hold the name by now
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new BadInputException("cannot unlock: file=" + name + ", cause=" + e, e);
    } finally {
      HELD.remove(name);
    }
  }
}
