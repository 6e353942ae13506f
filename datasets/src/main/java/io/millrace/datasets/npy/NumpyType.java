package io.millrace.datasets.npy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * An element type of a numpy array that a source may hold: booleans, integers and floats of 1 to 8
 * bytes in either byte order. ({@link NpyType} has the few that a dataset directory holds.)
 *
 * @param kind numpy's letter: b boolean, i integer, u unsigned integer, f float
 * @param bytes bytes per element
 * @param order the byte order
 */
record NumpyType(char kind, int bytes, ByteOrder order) {

  /** The type of a dtype such as {@code <f4}; empty if its elements are not numbers. */
  static Optional<NumpyType> parse(String dtype) {
    if (!dtype.matches("[<>=|][biuf][1248]")) {
      return Optional.empty();
    }
    ByteOrder order = dtype.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    NumpyType type = new NumpyType(dtype.charAt(1), dtype.charAt(2) - '0', order);
    boolean exists = type.isFloat() ? type.bytes > 1 : type.kind != 'b' || type.bytes == 1;
    return exists ? Optional.of(type) : Optional.empty();
  }

  boolean isFloat() {
    return kind == 'f';
  }

  /** Whether {@link #integer} may return a negative number for one that is above 2^63 - 1. */
  boolean isUnsigned64() {
    return kind == 'u' && bytes == Long.BYTES;
  }

  /** The next element of a buffer in this type's order, of an integer or boolean type. */
  long integer(ByteBuffer in) {
    boolean signed = kind == 'i';
    return switch (bytes) {
      case 1 -> signed ? in.get() : Byte.toUnsignedLong(in.get());
      case 2 -> signed ? in.getShort() : Short.toUnsignedLong(in.getShort());
      case 4 -> signed ? in.getInt() : Integer.toUnsignedLong(in.getInt());
      default -> in.getLong();
    };
  }

  /** The next element of a buffer in this type's order, of any type. */
  double number(ByteBuffer in) {
    if (isFloat()) {
      return switch (bytes) {
        case 2 -> Float.float16ToFloat(in.getShort());
        case 4 -> in.getFloat();
        default -> in.getDouble();
      };
    }
    long value = integer(in);
    // Above 2^63: half of it, rounded to odd so that nothing is lost, and doubled.
    return isUnsigned64() && value < 0 ? 2.0 * (value >>> 1 | value & 1) : value;
  }
}
