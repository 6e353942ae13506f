package io.millrace.checks.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes npy files of any dtype, as numpy does. */
final class NpyBytes {
  private NpyBytes() {}

  /** A text of its own, as scipy writes the format of a matrix. */
  static byte[] text(String value) {
    byte[] header = of("|S" + value.length(), false, "");
    byte[] file = Arrays.copyOf(header, header.length + value.length());
    System.arraycopy(value.getBytes(US_ASCII), 0, file, header.length, value.length());
    return file;
  }

  /** Values in the order of the file. */
  static byte[] of(String dtype, boolean fortran, String shape, double... values) {
    String dict =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }\n"
            .formatted(dtype, fortran ? "True" : "False", shape);
    int size = dtype.charAt(2) - '0';
    ByteBuffer file = ByteBuffer.allocate(10 + dict.length() + values.length * size);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    file.order(ByteOrder.LITTLE_ENDIAN).putShort((short) dict.length());
    file.put(dict.getBytes(US_ASCII));
    file.order(dtype.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (dtype.substring(1)) {
        case "f2" -> file.putShort(Float.floatToFloat16((float) value));
        case "f4" -> file.putFloat((float) value);
        case "f8" -> file.putDouble(value);
        case "i1", "u1", "b1" -> file.put((byte) value);
        case "i2", "u2" -> file.putShort((short) value);
        case "i4", "u4" -> file.putInt((int) value);
        default -> file.putLong((long) value);
      }
    }
    return file.array();
  }
}
