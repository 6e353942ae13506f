package io.millrace.datasets.npy;

import io.millrace.datasets.platform.Checksums;
import io.millrace.datasets.platform.FileEntry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Writes one npy file as a stream: header first, then the elements in as many pieces as the caller
 * likes, then {@link #finish}, which forces the file to disk.
 *
 * <p>Version 1 header padded to 64 bytes, little-endian, C order. Used by one thread. The caller
 * closes it, also after a failure, and then deletes the file.
 */
public final class NpyWriter implements AutoCloseable {
  private static final int STAGING_BYTES = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private final long totalBytes;
  private final MessageDigest digest = Checksums.sha256();
  private final byte[] staging;
  private long writtenBytes;

  private NpyWriter(Path file, FileChannel channel, byte[] header, long dataBytes)
      throws IOException {
    this.file = file;
    this.channel = channel;
    this.totalBytes = header.length + dataBytes;
    this.staging = new byte[(int) Math.min(STAGING_BYTES, totalBytes)];
    write(MemorySegment.ofArray(header));
  }

  /**
   * @param file must not exist yet
   * @param shape elements per dimension
   */
  public static NpyWriter create(Path file, NpyType type, long... shape) throws IOException {
    return open(file, type, shape, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  static NpyWriter open(Path file, NpyType type, long[] shape, StandardOpenOption... how)
      throws IOException {
    long dataBytes = type.bytes();
    for (long size : shape) {
      dataBytes = Math.multiplyExact(dataBytes, size);
    }
    FileChannel channel = FileChannel.open(file, how);
    try {
      return new NpyWriter(file, channel, NpyHeader.bytesFor(type, shape), dataBytes);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Appends elements: any part of the array, little-endian, row-major. */
  public void write(MemorySegment elements) throws IOException {
    long size = elements.byteSize();
    for (long offset = 0; offset < size; ) {
      int length = (int) Math.min(staging.length, size - offset);
      MemorySegment.copy(elements, ValueLayout.JAVA_BYTE, offset, staging, 0, length);
      digest.update(staging, 0, length);
      ByteBuffer buffer = ByteBuffer.wrap(staging, 0, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      offset += length;
    }
    writtenBytes += size;
  }

  /** Forces the file to disk and returns its size and checksum. */
  public FileEntry finish() throws IOException {
    if (writtenBytes != totalBytes) {
      throw new IllegalStateException(
          "wrote " + writtenBytes + " of " + totalBytes + " bytes: " + file);
    }
    channel.force(true);
    return new FileEntry(totalBytes, HexFormat.of().formatHex(digest.digest()));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
