package io.millrace.datasets.formats;

import io.millrace.Internal;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.platform.InputLocation;
import java.lang.foreign.MemorySegment;

/** Labels as the numbers of a source. */
@Internal
public final class ClassLabel {
  private ClassLabel() {}

  /**
   * Checks a number that is a label.
   *
   * @param value a class, or 1 or 0 for whether a node has the label; NaN and -1 mean unlabelled
   * @param max the largest value allowed
   * @param place where the value was read, for the error
   */
  public static int of(double value, int max, InputLocation place) {
    if (Double.isNaN(value)) {
      return NodeLabels.UNLABELLED;
    }
    int label = (int) value;
    if (label != value || label < NodeLabels.UNLABELLED || label > max) {
      throw place.error("label must be a whole number of at least 0", "label", value, "max", max);
    }
    return label;
  }

  /**
   * Memory for a label of one byte per node and column, all 0. It is an array of longs, because an
   * array of bytes ends at 2 GiB.
   */
  public static MemorySegment matrix(int numNodes, int numColumns) {
    long bytes = (long) numNodes * numColumns;
    int longs = Math.toIntExact(Math.ceilDiv(bytes, Long.BYTES));
    return MemorySegment.ofArray(new long[longs]).asSlice(0, bytes);
  }
}
