package io.millrace.datasets.text;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Unpacks all members of a gzip file. Java's own class takes an unreadable header after a member
 * for the end of the file and silently drops everything behind it; this class reports it.
 */
final class GzipInput extends GZIPInputStream {
  private static final int TRAILER_BYTES = 8;

  private final Counted packed;
  private long filledTo;

  GzipInput(InputStream in, int bufferBytes) throws IOException {
    this(new Counted(in), bufferBytes);
  }

  private GzipInput(Counted packed, int bufferBytes) throws IOException {
    super(packed, bufferBytes);
    this.packed = packed;
  }

  @Override
  protected void fill() throws IOException {
    super.fill();
    filledTo = packed.count;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    if (read < 0) {
      // The inflater is at the end of the last member's data; the trailer after it has been read.
      long end = filledTo - inf.getRemaining() + TRAILER_BYTES;
      if (packed.count > end || packed.read() >= 0) {
        throw new ZipException("no gzip data behind byte " + end);
      }
    }
    return read;
  }

  private static final class Counted extends FilterInputStream {
    private long count;

    private Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = in.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
