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
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * A lock on a small file. The system releases it when the process that holds it ends, however that
 * happens, so a crashed process never blocks others.
 *
 * <p>The system's locks belong to a process and end when any of its channels to the file is closed,
 * so a file that this process has locked is not opened again: those in the process that share a
 * lock have one channel together. Used by one thread, which closes it.
 */
@Internal
public final class ProcessLock implements AutoCloseable {
  /** The locks of this process, guarded by itself. */
  private static final Map<Path, Held> HELD = new HashMap<>();

  private final Path name;
  private final Held held;
  private boolean open = true;

  private ProcessLock(Path name, Held held) {
    this.name = name;
    this.held = held;
  }

  /** A lock that this process has, and how many share it here. */
  private static final class Held {
    private final FileChannel channel;
    private final boolean shared;
    private int holders = 1;

    Held(FileChannel channel, boolean shared) {
      this.channel = channel;
      this.shared = shared;
    }
  }

  /**
   * Takes the lock if it is free.
   *
   * @param shared whether several may hold the lock, in this process or in others, if they all
   *     share it
   * @return empty if another process holds the lock, or this one does
   */
  public static Optional<ProcessLock> tryTake(Path file, boolean shared) {
    try {
      Path name = realName(file);
      synchronized (HELD) {
        Held held = HELD.get(name);
        if (held == null) {
          Optional<Held> taken = lock(name, shared);
          taken.ifPresent(it -> HELD.put(name, it));
          return taken.map(it -> new ProcessLock(name, it));
        }
        if (!shared || !held.shared) {
          return Optional.empty();
        }
        held.holders++;
        return Optional.of(new ProcessLock(name, held));
      }
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
      Path name = realName(file);
      synchronized (HELD) {
        return HELD.containsKey(name);
      }
    } catch (IOException _) {
      return false;
    }
  }

  /** Writes a short text into the locked file. */
  void write(String text) {
    try {
      held.channel.truncate(0).write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException _) {
      // The lock holds without it.
    }
  }

  private static Optional<Held> lock(Path name, boolean shared) throws IOException {
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
    return lock == null ? Optional.empty() : Optional.of(new Held(channel, shared));
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
    synchronized (HELD) {
      if (!open) {
        return; // the lock may have another holder by now
      }
      open = false;
      if (--held.holders > 0) {
        return;
      }
      HELD.remove(name);
      try {
        held.channel.close();
      } catch (IOException e) {
        throw new BadInputException("cannot unlock: file=" + name + ", cause=" + e, e);
      }
    }
  }
}
