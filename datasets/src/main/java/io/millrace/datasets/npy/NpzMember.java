package io.millrace.datasets.npy;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.Internal;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * An array to be written into an npz file. Immutable; its content can be produced any number of
 * times.
 *
 * @param name without {@code .npy}
 * @param type type of the elements
 * @param shape elements per dimension
 * @param content writes the elements, little-endian and row-major
 */
@Internal
public record NpzMember(String name, NpyType type, List<Long> shape, Content content) {
  private static final int BUFFER_BYTES = 1 << 16;

  /** Writes the elements, the same ones at each call. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** The elements of a memory segment. */
  public static Content of(MemorySegment elements) {
    return out -> {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (long at = 0; at < elements.byteSize(); at += BUFFER_BYTES) {
        int length = (int) Math.min(BUFFER_BYTES, elements.byteSize() - at);
        MemorySegment.copy(elements, JAVA_BYTE, at, buffer, 0, length);
        out.write(buffer, 0, length);
      }
    };
  }

  /** Bytes of header and elements. */
  public long bytes() {
    return header().length + type.bytes() * shape.stream().reduce(1L, Math::multiplyExact);
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(header());
    content.writeTo(out);
  }

  private byte[] header() {
    return NpyHeader.bytesFor(type, shape.stream().mapToLong(Long::longValue).toArray());
  }
}
