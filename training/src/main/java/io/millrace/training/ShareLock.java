package io.millrace.training;

import io.millrace.datasets.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A lock on a small file: it ends with the process that holds it, however that ends, so nobody
 * waits for the dead. Used by one thread, which closes it.
 */
final class ShareLock implements AutoCloseable {
  private final FileChannel channel;

  private ShareLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Empty if another process has it, or this one; with {@code shared}, several may. */
  static Optional<ShareLock> tryTake(Path file, boolean shared) {
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = null;
      try {
        lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      } catch (OverlappingFileLockException _) {
        // This process has it.
      } finally {
        if (lock == null) {
          channel.close();
        }
      }
      return lock == null ? Optional.empty() : Optional.of(new ShareLock(channel));
    } catch (IOException e) {
      throw new BadInputException("cannot lock: file=" + file + ", cause=" + e, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new BadInputException("cannot unlock: cause=" + e, e);
    }
  }
}
