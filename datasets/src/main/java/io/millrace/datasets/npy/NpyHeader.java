package io.millrace.datasets.npy;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The header of an npy file, versions 1.0, 2.0 and 3.0 of numpy's format.
 *
 * <pre>
 *   offset 0  "\x93NUMPY"                     6 bytes
 *          6  major, minor version            2 bytes
 *          8  header length                   uint16 (version 1) or uint32 (versions 2 and 3)
 *   10 or 12  a Python dict as text: {'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }
 *             padded with spaces, so that the data begins at a multiple of 64 (16 in old files)
 * </pre>
 *
 * <p>Immutable value. Any dtype is read; {@link NpyArray} and {@link NumpyReader} reject those that
 * they cannot use.
 *
 * @param dtype numpy's dtype, for instance {@code <f4}; a structured one as the text of its fields
 * @param fortranOrder whether the first index varies fastest
 * @param shape elements per dimension; empty for a scalar
 * @param dataOffset where the data begins, in bytes
 */
@Internal
public record NpyHeader(String dtype, boolean fortranOrder, List<Long> shape, long dataOffset) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;

  /** A damaged length may claim 4 GiB; numpy itself rejects headers above 10 000 bytes. */
  private static final int MAX_LENGTH = 1 << 20;

  public NpyHeader {
    shape = List.copyOf(shape);
  }

  /**
   * Reads and checks the header, and leaves the stream at the data.
   *
   * @param file the name of the file in messages
   */
  static NpyHeader read(Object file, InputStream in) throws IOException {
    byte[] start = bytes(file, in, 8);
    for (int i = 0; i < MAGIC.length; i++) {
      if (start[i] != MAGIC[i]) {
        throw BadInputException.of("not an npy file (wrong magic)", "file", file);
      }
    }
    int version = start[6];
    if (version < 1 || version > 3) {
      throw BadInputException.of("unknown npy version", "file", file, "version", version);
    }
    int lengthBytes = version == 1 ? Short.BYTES : Integer.BYTES;
    ByteBuffer buffer =
        ByteBuffer.wrap(bytes(file, in, lengthBytes)).order(ByteOrder.LITTLE_ENDIAN);
    long length =
        version == 1
            ? Short.toUnsignedLong(buffer.getShort())
            : Integer.toUnsignedLong(buffer.getInt());
    if (length > MAX_LENGTH) {
      throw BadInputException.of(
          "npy header is too long", "file", file, "bytes", length, "max", MAX_LENGTH);
    }
    String text = new String(bytes(file, in, (int) length), StandardCharsets.UTF_8);
    return parse(file, text, 8L + lengthBytes + length);
  }

  private static byte[] bytes(Object file, InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw BadInputException.of("npy header is truncated", "file", file);
    }
    return bytes;
  }

  private static NpyHeader parse(Object file, String text, long dataOffset) {
    try {
      if (PythonLiteral.parse(text) instanceof Map<?, ?> dict
          && dict.get("descr") instanceof Object descr
          && dict.get("fortran_order") instanceof Boolean fortranOrder
          && dict.get("shape") instanceof List<?> shape) {
        List<Long> sizes = shape.stream().map(Long.class::cast).toList();
        if (sizes.stream().allMatch(size -> size >= 0)) {
          return new NpyHeader(descr.toString(), fortranOrder, sizes, dataOffset);
        }
      }
      throw new IllegalArgumentException("need descr, fortran_order and shape");
    } catch (IllegalArgumentException | ClassCastException _) {
      throw BadInputException.of("npy header cannot be read", "file", file, "header", text.strip());
    }
  }

  /** The product of the shape: 1 for a scalar. */
  long numElements(Object file) {
    try {
      return shape.stream().reduce(1L, Math::multiplyExact);
    } catch (ArithmeticException _) {
      throw BadInputException.of("npy shape is too large", "file", file, "shape", shape);
    }
  }

  /** Bytes of a version 1 header for little-endian data in C order, padded to 64 bytes. */
  public static byte[] bytesFor(NpyType type, long... shape) {
    StringBuilder sizes = new StringBuilder();
    for (int i = 0; i < shape.length; i++) {
      sizes.append(i == 0 ? "" : " ").append(shape[i]).append(i < shape.length - 1 ? "," : "");
    }
    String dict =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(type.descr(), shape.length == 1 ? sizes + "," : sizes);
    int prefix = MAGIC.length + 2 + Short.BYTES;
    int total = Math.ceilDiv(prefix + dict.length() + 1, ALIGNMENT) * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (total - prefix));
    header.put(dict.getBytes(StandardCharsets.US_ASCII));
    while (header.position() < total - 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }
}
