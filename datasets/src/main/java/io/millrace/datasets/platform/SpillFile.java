package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A temporary file for edges that do not fit into memory. Written and read by any number of
 * threads; {@link #close} deletes it.
 *
 * <p>It is not mapped, because mapped pages would count as memory of this process.
 */
@Internal
public final class SpillFile implements AutoCloseable {
  /** Bytes per call: a buffer view ends at 2 GiB. */
  private static final long CHUNK_BYTES = 64 << 20;

  private final Path file;
  private final FileChannel channel;
  private final AtomicLong end = new AtomicLong();

  private SpillFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  public static SpillFile create(Path file) {
    try {
      return new SpillFile(
          file,
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "temporary edges", e);
    }
  }

  /** Appends native memory; returns where it begins. */
  public long append(MemorySegment data) {
    long start = end.getAndAdd(data.byteSize());
    try {
      for (long offset = 0; offset < data.byteSize(); offset += CHUNK_BYTES) {
        ByteBuffer chunk = chunk(data, offset);
        while (chunk.hasRemaining()) {
          channel.write(chunk, start + offset + chunk.position());
        }
      }
      return start;
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "temporary edges", e);
    }
  }

  /** Fills native memory with the bytes from {@code start} on. */
  public void read(long start, MemorySegment into) {
    try {
      for (long offset = 0; offset < into.byteSize(); offset += CHUNK_BYTES) {
        ByteBuffer chunk = chunk(into, offset);
        while (chunk.hasRemaining()) {
          if (channel.read(chunk, start + offset + chunk.position()) < 0) {
            throw BadInputException.of("temporary file was truncated", "file", file);
          }
        }
      }
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  private static ByteBuffer chunk(MemorySegment data, long offset) {
    return data.asSlice(offset, Math.min(CHUNK_BYTES, data.byteSize() - offset)).asByteBuffer();
  }

  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "temporary edges", e);
    }
  }
}
