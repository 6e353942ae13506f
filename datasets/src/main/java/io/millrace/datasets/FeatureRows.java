package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.millrace.Internal;
import java.lang.foreign.MemorySegment;

/** Stores float32 rows as float32 or float16. */
@Internal
public final class FeatureRows {
  private FeatureRows() {}

  /**
   * Writes a row of finite values.
   *
   * @param rows {@code [numRows x row.length]} of {@code type}
   * @param index which row to write
   * @return the first column whose value is too large for the type, or -1
   */
  public static int put(float[] row, FeatureType type, MemorySegment rows, long index) {
    long rowBytes = (long) row.length * type.bytes();
    return switch (type) {
      case FLOAT32 -> {
        MemorySegment.copy(row, 0, rows, JAVA_FLOAT, index * rowBytes, row.length);
        yield -1;
      }
      case FLOAT16 -> put16(row, rows.asSlice(index * rowBytes, rowBytes));
    };
  }

  private static int put16(float[] row, MemorySegment target) {
    for (int column = 0; column < row.length; column++) {
      short half = Float.floatToFloat16(row[column]);
      if (Float.isInfinite(Float.float16ToFloat(half))) {
        return column;
      }
      target.setAtIndex(JAVA_SHORT, column, half);
    }
    return -1;
  }
}
