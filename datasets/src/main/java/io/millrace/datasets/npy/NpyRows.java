package io.millrace.datasets.npy;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A float32 npy file {@code [numRows x dim]} whose rows are written in any order, also by several
 * processes; {@link NpyArray} maps it.
 *
 * <p>It has its full size from the start; rows that were never written take no space on file
 * systems that can leave holes, and read as zeros. The caller keeps track of the rows that were
 * written. Used by one thread, which closes it.
 */
public final class NpyRows implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final long dataOffset;
  private final int rowBytes;

  private NpyRows(Path file, FileChannel channel, long dataOffset, int rowBytes) {
    this.file = file;
    this.channel = channel;
    this.dataOffset = dataOffset;
    this.rowBytes = rowBytes;
  }

  /** Creates the file if it is missing. Called by one process at a time. */
  public static void create(Path file, long numRows, int dim) {
    if (Files.exists(file)) {
      return;
    }
    byte[] header = NpyHeader.bytesFor(NpyType.FLOAT32, numRows, dim);
    long lastByte = header.length + numRows * dim * Float.BYTES - 1;
    try {
      AtomicFile.write(
          file,
          made -> {
            writeAll(made, ByteBuffer.wrap(header), 0);
            if (lastByte >= header.length) {
              writeAll(made, ByteBuffer.allocate(1), lastByte);
            }
          },
          true);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "header", e);
    }
  }

  /**
   * Opens a file that {@link #create} has made, for writing and reading.
   *
   * @throws BadInputException if it is missing, or its header or size are not those of such an
   *     array
   */
  public static NpyRows open(Path file, long numRows, int dim) {
    byte[] header = NpyHeader.bytesFor(NpyType.FLOAT32, numRows, dim);
    int rowBytes = dim * Float.BYTES;
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      NpyRows rows = new NpyRows(file, channel, header.length, rowBytes);
      byte[] found = Channels.newInputStream(channel).readNBytes(header.length);
      if (!Arrays.equals(header, found) || channel.size() != header.length + numRows * rowBytes) {
        rows.close();
        throw BadInputException.of(
            "file of rows is damaged, delete it to compute them again",
            "file",
            file,
            "needRows",
            numRows,
            "needColumns",
            dim);
      }
      return rows;
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  public int rowBytes() {
    return rowBytes;
  }

  /** Writes the rest of the buffer, from the beginning of a row on. */
  public void write(long firstRow, ByteBuffer rows) {
    try {
      writeAll(channel, rows, offset(firstRow));
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "rows", e);
    }
  }

  /** Fills the buffer, from the beginning of a row on. */
  public void read(long firstRow, ByteBuffer rows) {
    try {
      for (long at = offset(firstRow); rows.hasRemaining(); ) {
        int count = channel.read(rows, at);
        if (count < 0) {
          throw BadInputException.of("npy data is truncated", "file", file, "row", firstRow);
        }
        at += count;
      }
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  private long offset(long row) {
    return dataOffset + row * rowBytes;
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "rows", e);
    }
  }
}
