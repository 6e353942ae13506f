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
 *   FILE.part.mark    the remote version that they belong to ({@code ResumeMarker}); without it they are dropped
 *   FILE              all of them, by a rename
 * </pre>
 *
 * <p>Used by one thread, which closes it.
 */
@Internal
public final class PartialDownload implements AutoCloseable {
  private final Path file;
  private final Path part;
  private final Path markerFile;
  private final FileChannel channel;

  private PartialDownload(Path file, Path part, FileChannel channel) {
    this.file = file;
    this.part = part;
    this.markerFile = part.resolveSibling(part.getFileName() + ".mark");
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
    throw BadInputException.of("another process is downloading to this file", "file", part);
  }

  /** Locks the file until the channel is closed, unless it is locked already. */
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false; // another thread of this process
    }
  }

  /** Bytes received so far. */
  long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw IoErrors.cannotRead(part, e);
    }
  }

  /** The remote version of the bytes, if there are any and they come from this address. */
  Optional<ResumeMarker> marker(URI url) {
    return size() == 0
        ? Optional.empty()
        : ResumeMarker.read(markerFile).filter(marker -> marker.url().equals(Address.shown(url)));
  }

  /** Drops all bytes; those that follow belong to the version of the marker. */
  void begin(Optional<ResumeMarker> marker) {
    try {
      Files.deleteIfExists(
          markerFile); // first: it must never stand next to bytes of another version
      channel.truncate(0);
      marker.ifPresent(value -> value.write(markerFile));
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

  /** Gives the complete file its name. */
  void complete() {
    try {
      channel.force(true);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(markerFile);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "download", e);
    }
  }

  /** Deletes the files if nothing was received. */
  @Override
  public void close() {
    try (channel) {
      if (channel.size() == 0) {
        Files.deleteIfExists(markerFile);
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw IoErrors.cannotWrite(part, "download", e);
    }
  }
}
