package io.millrace.datasets.text;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Splits a text file, plain or packed ({@code TextFile}), into lines of bytes.
 *
 * <p>The current line is {@code buffer()[start()]} to {@code buffer()[end() - 1]}, without its LF
 * or CR LF, until {@link #next} is called again. Used by one thread, which closes it.
 */
@Internal
public final class LineReader implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  /** The longest line, far above any row of features. */
  public static final int MAX_LINE_BYTES = 1 << 25;

  private final Path file;
  private final InputStream in;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int filled;
  private boolean atEnd;
  private long line;
  private int start;
  private int end;
  private int nextStart;

  /** Bytes of the unpacked text before the first one in the buffer. */
  private long dropped;

  private LineReader(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  public static LineReader open(Path file) {
    return new LineReader(file, TextFile.open(file));
  }

  /** Goes to the next line, if there is one. */
  public boolean next() {
    int lineFeed = nextStart;
    while (true) {
      while (lineFeed < filled && buffer[lineFeed] != '\n') {
        lineFeed++;
      }
      if (lineFeed < filled || atEnd) {
        break;
      }
      lineFeed -= fill();
    }
    if (lineFeed == nextStart && lineFeed == filled) {
      return false;
    }
    start = nextStart;
    end = lineFeed;
    while (end > start && buffer[end - 1] == '\r') { // some programs write CR CR LF
      end--;
    }
    nextStart = Math.min(lineFeed + 1, filled);
    line++;
    return true;
  }

  /** Moves the unfinished line to the buffer's front and reads on; returns how far it moved. */
  private int fill() {
    int moved = nextStart;
    System.arraycopy(buffer, moved, buffer, 0, filled - moved);
    filled -= moved;
    dropped += moved;
    nextStart = 0;
    if (filled == buffer.length) {
      if (buffer.length >= MAX_LINE_BYTES) {
        throw BadInputException.of("line too long", "file", file, "line", line + 1);
      }
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    try {
      int read = in.read(buffer, filled, buffer.length - filled);
      atEnd = read < 0;
      filled += Math.max(0, read);
    } catch (IOException e) {
      throw TextFile.error(file, line + 1, e);
    }
    return moved;
  }

  public byte[] buffer() {
    return buffer;
  }

  public int start() {
    return start;
  }

  public int end() {
    return end;
  }

  /** Where the current line begins in the unpacked text, in bytes. */
  public long offset() {
    return dropped + start;
  }

  /** The number of the current line, from 1; 0 before the first. */
  public long number() {
    return line;
  }

  Path file() {
    return file;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }
}
