package io.millrace.training.inference;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock on a small file. The system releases it when the process ends, however it ends, so a
 * crashed process never blocks others.
 *
 * <p>File locks belong to the process: closing any of its channels to the file releases them. A
 * file that this process has locked is therefore not opened again. Used by one thread, which closes
 * it.
 */
final class ProcessLock implements AutoCloseable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path name;
  private final FileChannel channel;

  private ProcessLock(Path name, FileChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  /**
   * Empty if another process has the lock, or this one.
   *
   * @param shared whether several processes may have it at once
   */
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
      return; // another lock may have the name by now
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new BadInputException("cannot unlock: file=" + name + ", cause=" + e, e);
    } finally {
      HELD.remove(name);
    }
  }

  /**
   * Waits before the next attempt to take a lock.
   *
   * @throws CancellationException if the thread is interrupted
   */
  static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for another process");
    }
  }
}
