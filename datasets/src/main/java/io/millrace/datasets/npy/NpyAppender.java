package io.millrace.datasets.npy;

import io.millrace.Internal;
import io.millrace.datasets.platform.Checksums;
import io.millrace.datasets.platform.FileEntry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * An npy file whose number of rows is known only at the end. The elements are written behind a gap
 * for the header; {@link #finish} writes the header and then reads the file once for its checksum,
 * which begins with the header. {@link NpyWriter} needs no second reading, because there the shape
 * is known before.
 *
 * <p>Used by one thread at a time. The caller closes it, also after a failure, and then deletes the
 * file.
 */
@Internal
public final class NpyAppender implements ArrayAppender, AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  /** Bytes per call: a buffer view ends at 2 GiB. */
  private static final long CHUNK_BYTES = 64 << 20;

  private final Path file;
  private final FileChannel channel;
  private final NpyType type;
  private final long[] rowShape;
  private final int headerBytes;

  private NpyAppender(Path file, FileChannel channel, NpyType type, long[] rowShape)
      throws IOException {
    this.file = file;
    this.channel = channel;
    this.type = type;
    this.rowShape = rowShape;
    this.headerBytes = header(Long.MAX_VALUE).length;
    channel.position(headerBytes);
  }

  /**
   * @param file must not exist yet
   * @param rowShape elements per dimension of a row; none = a row is one element
   */
  public static NpyAppender create(Path file, NpyType type, long... rowShape) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new NpyAppender(file, channel, type, rowShape);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * @param elements native memory
   */
  @Override
  public void append(MemorySegment elements) throws IOException {
    long bytes = elements.byteSize();
    for (long offset = 0; offset < bytes; offset += CHUNK_BYTES) {
      ByteBuffer chunk =
          elements.asSlice(offset, Math.min(CHUNK_BYTES, bytes - offset)).asByteBuffer();
      while (chunk.hasRemaining()) {
        channel.write(chunk);
      }
    }
  }

  /**
   * The elements appended so far, to be changed before {@link #finish}.
   *
   * @param arena of the mapping
   */
  public MemorySegment map(Arena arena) throws IOException {
    return channel.map(
        FileChannel.MapMode.READ_WRITE, headerBytes, channel.size() - headerBytes, arena);
  }

  /** Completes the file, forces it to disk and returns its size and checksum. */
  public FileEntry finish(long rows) throws IOException {
    byte[] header = header(rows);
    if (header.length != headerBytes) {
      throw new IllegalStateException(
          "header of " + header.length + " bytes, room for " + headerBytes + ": " + file);
    }
    ByteBuffer start = ByteBuffer.wrap(header);
    while (start.hasRemaining()) {
      channel.write(start, start.position());
    }
    channel.force(true);
    return new FileEntry(channel.size(), sha256());
  }

  private String sha256() throws IOException {
    MessageDigest digest = Checksums.sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    channel.position(0);
    while (channel.read(buffer) >= 0) {
      digest.update(buffer.flip());
      buffer.clear();
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private byte[] header(long rows) {
    long[] shape = new long[1 + rowShape.length];
    shape[0] = rows;
    System.arraycopy(rowShape, 0, shape, 1, rowShape.length);
    return NpyHeader.bytesFor(type, shape);
  }

  public Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
