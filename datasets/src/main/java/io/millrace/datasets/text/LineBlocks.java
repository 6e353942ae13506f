package io.millrace.datasets.text;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Splits text files, plain or packed, into blocks of whole lines, so that several threads can parse
 * them. One thread at a time reads the next block; all threads parse their blocks at once.
 *
 * <p>{@link #next} is thread-safe. The caller of {@link #open} closes it.
 */
@Internal
public final class LineBlocks implements AutoCloseable {
  private final List<TextFormat> files;

  private int file = -1;
  private InputStream in = InputStream.nullInputStream();
  private byte[] rest = new byte[0];
  private long offset;
  private long number;
  private boolean atEnd = true;

  private LineBlocks(List<TextFormat> files) {
    this.files = files;
  }

  /** Reads the lines of data of each file. */
  public static LineBlocks open(List<TextFormat> files) {
    return new LineBlocks(files);
  }

  /** A block of one thread: the bytes of whole lines, and their position in the input. */
  public static final class Block {
    private final int capacity;
    private byte[] bytes;
    private int length;
    private int file;
    private long offset;
    private long number;

    /**
     * @param capacity bytes to read at once; a longer line is a block of its own
     */
    public Block(int capacity) {
      this.capacity = capacity;
      bytes = new byte[capacity];
    }

    private void require(int length) {
      if (length > bytes.length) {
        bytes = Arrays.copyOf(bytes, length);
      }
    }

    public byte[] bytes() {
      return bytes;
    }

    public int length() {
      return length;
    }

    /** The index of the file that the block comes from. */
    public int file() {
      return file;
    }

    /** Position of the first byte in the file's unpacked text. */
    public long offset() {
      return offset;
    }

    /** The number of the block, from 0 in the order of the input. */
    public long number() {
      return number;
    }
  }

  /** Reads the next lines into a block; false at the end of the last file. */
  public synchronized boolean next(Block block) {
    int end = 0;
    while (end == 0) {
      if (atEnd && rest.length == 0 && !nextFile()) {
        return false;
      }
      end = read(block);
    }
    block.length = end;
    block.file = file;
    block.offset = offset;
    block.number = number++;
    offset += end;
    return true;
  }

  private boolean nextFile() {
    if (file + 1 == files.size()) {
      return false;
    }
    close();
    file++;
    offset = files.get(file).dataOffset();
    in = TextFile.open(path());
    atEnd = false;
    try {
      in.skipNBytes(offset);
      return true;
    } catch (IOException e) {
      throw TextFile.error(path(), 1, e);
    }
  }

  private Path path() {
    return files.get(file).file();
  }

  /** Returns how many bytes of the block are whole lines; the rest is kept for the next one. */
  private int read(Block block) {
    int filled = rest.length;
    block.require(filled);
    System.arraycopy(rest, 0, block.bytes, 0, filled);
    filled = fill(block, filled, block.capacity);
    int end =
        atEnd && filled <= block.capacity
            ? filled
            : lastLineEnd(block.bytes, Math.min(filled, block.capacity));
    for (int from = Math.min(filled, block.capacity);
        end == 0 && filled > 0; ) { // a line longer than the block
      end = firstLineEnd(block.bytes, from, filled);
      if (end == 0 && atEnd) {
        end = filled;
      } else if (end == 0) {
        from = filled;
        block.require(longer(filled));
        filled = fill(block, filled, block.bytes.length);
      }
    }
    rest = Arrays.copyOfRange(block.bytes, end, filled);
    return end;
  }

  private int longer(int length) {
    if (length >= LineReader.MAX_LINE_BYTES) {
      throw BadInputException.of("line too long", "file", path(), "line", lineAt(path(), offset));
    }
    return 2 * length;
  }

  private int fill(Block block, int filled, int limit) {
    if (filled >= limit) {
      return filled;
    }
    try {
      int wanted = limit - filled;
      int read = in.readNBytes(block.bytes, filled, wanted);
      atEnd = read < wanted;
      return filled + read;
    } catch (IOException e) {
      throw TextFile.error(path(), lineAt(path(), offset), e);
    }
  }

  private static int lastLineEnd(byte[] bytes, int length) {
    int end = length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private static int firstLineEnd(byte[] bytes, int from, int length) {
    for (int i = from; i < length; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return 0;
  }

  /**
   * The number, from 1, of the line that a byte of the unpacked text is in. Reads the file again up
   * to there, so only error messages use it.
   */
  public static long lineAt(Path file, long offset) {
    long line = 1;
    byte[] bytes = new byte[1 << 16];
    try (InputStream in = TextFile.open(file)) {
      for (long at = 0; at < offset; ) {
        int read = in.readNBytes(bytes, 0, (int) Math.min(bytes.length, offset - at));
        if (read == 0) {
          break;
        }
        for (int i = 0; i < read; i++) {
          line += bytes[i] == '\n' ? 1 : 0;
        }
        at += read;
      }
      return line;
    } catch (IOException _) {
      return line; // the error that led here is the one to report
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw IoErrors.cannotRead(path(), e);
    }
  }
}
