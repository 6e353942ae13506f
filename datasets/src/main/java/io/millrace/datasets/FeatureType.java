package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.millrace.Internal;
import io.millrace.datasets.npy.NpyType;
import java.lang.foreign.MemorySegment;

/** How one feature value is stored. */
public enum FeatureType {
  FLOAT32(NpyType.FLOAT32),
  FLOAT16(NpyType.FLOAT16);

  private final NpyType npyType;

  FeatureType(NpyType npyType) {
    this.npyType = npyType;
  }

  /** Bytes per value. */
  public int bytes() {
    return npyType.bytes();
  }

  /** The element type of the file that holds such values. */
  public NpyType npyType() {
    return npyType;
  }

  /**
   * Writes a row of finite values, each rounded to the nearest one of this type.
   *
   * @param rows {@code [numRows x row.length]} of this type
   * @param index which row to write
   * @return the first column whose value is too large for the type, or -1
   */
  @Internal
  public int put(float[] row, MemorySegment rows, long index) {
    long rowBytes = (long) row.length * bytes();
    return switch (this) {
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
