package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock on a small file. The system releases it when the process that holds it ends, however that
 * happens, so a crashed process never blocks others.
 *
 * <p>The system's locks belong to a process and end when any of its channels to the file is closed,
 * so a file that this process has locked is not opened again. Used by one thread, which closes it.
 */
@Internal
public final class ProcessLock implements AutoCloseable {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path name;
  private final FileChannel channel;

  private ProcessLock(Path name, FileChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  /**
   * Takes the lock if it is free.
   *
   * @param shared whether several processes may hold the lock, if they all share it
   * @return empty if another process holds the lock, or this one does
   */
  public static Optional<ProcessLock> tryTake(Path file, boolean shared) {
    try {
      Path name = realName(file);
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

  private static Path realName(Path file) throws IOException {
    return file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
  }

  /** Whether this process has the lock of a file, which must not be opened then. */
  static boolean isOfThisProcess(Path file) {
    try {
      return HELD.contains(realName(file));
    } catch (IOException _) {
      return false;
    }
  }

  /** Writes a short text into the locked file. */
  void write(String text) {
    try {
      channel.truncate(0).write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException _) {
      // The lock holds without it.
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

  /**
   * Waits before the next attempt to take a lock.
   *
   * @throws CancellationException if the thread is interrupted
   */
  public static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for another process");
    }
  }

  @Override
  public void close() {
    if (!channel.isOpen()) {
      return; // the lock may have another holder by now
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
