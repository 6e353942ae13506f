package io.millrace.datasets;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Cuts a text file, plain or gzipped, into lines of bytes.
 *
 * <p>The present line is {@code buffer()[start()]} to {@code buffer()[end() - 1]}, without its LF
 * or CR LF, until {@link #next} is called again. Used by one thread, which closes it.
 */
final class LineReader implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  /** Longest line: far above any row of features. */
  private static final int MAX_LINE_BYTES = 1 << 29;

  private final Path file;
  private final InputStream in;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int filled;
  private boolean atEnd;
  private long line;
  private int start;
  private int end;
  private int nextStart;

  private LineReader(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /** Unpacks a file whose name ends in {@code .gz}. */
  static LineReader open(Path file) {
    try {
      InputStream in = Files.newInputStream(file);
      try {
        boolean packed = file.toString().endsWith(".gz");
        return new LineReader(file, packed ? new GZIPInputStream(in, BUFFER_BYTES) : in);
      } catch (IOException e) {
        in.close();
        throw e;
      }
    } catch (NoSuchFileException _) {
      throw BadInputException.of("missing file", "file", file);
    } catch (EOFException _) {
      throw BadInputException.of("gzip file is truncated", "file", file);
    } catch (ZipException e) {
      throw BadInputException.of("not a gzip file", "file", file, "cause", e.getMessage());
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  /** Goes to the next line, if there is one. */
  boolean next() {
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
    end = lineFeed > start && buffer[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
    nextStart = Math.min(lineFeed + 1, filled);
    line++;
    return true;
  }

  /** Moves the unfinished line to the buffer's front and reads on; returns how far it moved. */
  private int fill() {
    int moved = nextStart;
    System.arraycopy(buffer, moved, buffer, 0, filled - moved);
    filled -= moved;
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
    } catch (EOFException _) {
      throw BadInputException.of("gzip file is truncated", "file", file, "line", line + 1);
    } catch (ZipException e) {
      throw BadInputException.of(
          "gzip file is damaged", "file", file, "line", line + 1, "cause", e.getMessage());
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
    return moved;
  }

  byte[] buffer() {
    return buffer;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  /** The number of the present line, from 1; 0 before the first. */
  long number() {
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
