package io.millrace.datasets.npy;

import io.millrace.Internal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes int64, little-endian, to a stream. Used by one thread, which calls {@link #flush} last.
 */
@Internal
public final class Int64Out {
  private final OutputStream out;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

  public Int64Out(OutputStream out) {
    this.out = out;
  }

  public void put(long value) throws IOException {
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.putLong(value);
  }

  public void flush() throws IOException {
    out.write(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
