package io.millrace.datasets.download;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file while it is downloaded, from one process to the next.
 *
 * <pre>
 *   FILE.part         the bytes so far; locked while a process writes them
 *   FILE.part.mark    of what they are the beginning ({@link ResumeMarker}); without it they are worth nothing
 *   FILE              all of them, by a rename
 * </pre>
 *
 * <p>Used by one thread, which closes it.
 */
@Internal
public final class PartialDownload implements AutoCloseable {
  private final Path file;
  private final Path part;
  private final Path markFile;
  private final FileChannel channel;

  private PartialDownload(Path file, Path part, FileChannel channel) {
    this.file = file;
    this.part = part;
    this.markFile = part.resolveSibling(part.getFileName() + ".mark");
    this.channel = channel;
  }

  static PartialDownload open(Path file) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      FileChannel channel =
          FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel)) {
        return new PartialDownload(file, part, channel);
      }
      channel.close();
    } catch (IOException e) {
      throw IoErrors.cannotWrite(part, "download", e);
    }
    throw BadInputException.of("another process downloads to this file", "file", part);
  }

  /** Locks it, which ends with the channel, if nobody else has. */
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false; // another thread of this process
    }
  }

  /** Bytes so far. */
  long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw IoErrors.cannotRead(part, e);
    }
  }

  /** Of what the bytes are the beginning, if there are any and they are of this address. */
  Optional<ResumeMarker> mark(URI url) {
    return size() == 0
        ? Optional.empty()
        : ResumeMarker.read(markFile).filter(mark -> mark.url().equals(url));
  }

  /** Drops all bytes; those that follow are of what the mark says. */
  void begin(Optional<ResumeMarker> mark) {
    try {
      Files.deleteIfExists(markFile); // first: it must never stand beside others' bytes
      channel.truncate(0);
      mark.ifPresent(value -> value.write(markFile));
    } catch (IOException e) {
      throw IoErrors.cannotWrite(part, "download", e);
    }
  }

  void append(byte[] bytes, int length) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
      channel.position(channel.size());
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw IoErrors.cannotWrite(part, "download", e);
    }
  }

  /** All bytes are there: gives the file its name. */
  void complete() {
    try {
      channel.force(true);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(markFile);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "download", e);
    }
  }

  /** Leaves no file of no bytes behind. */
  @Override
  public void close() {
    try (channel) {
      if (channel.size() == 0) {
        Files.deleteIfExists(markFile);
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw IoErrors.cannotWrite(part, "download", e);
    }
  }
}
