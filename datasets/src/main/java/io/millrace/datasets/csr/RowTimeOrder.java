package io.millrace.datasets.csr;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.platform.Parallel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Sorts the edges of each row by time, and edges of the same time by their position in the input. A
 * row that is in order already is only read. All cores take part; the result does not depend on
 * their number. Memory: 8 bytes for each edge of the longest row and a copy of one of its columns,
 * per core.
 */
final class RowTimeOrder {
  private static final int ROWS_PER_TASK = 1 << 12;

  /** Up to this length, an insertion sort is faster than a merge. */
  private static final int SHORT = 16;

  /** Edges of a row and the scratch of its merges are in one array. */
  private static final int MAX_DEGREE = (Integer.MAX_VALUE - 8) / 2;

  private final EdgeColumns columns;
  private final Map<DatasetFile, MemorySegment> arrays;
  private final MemorySegment indptr;
  private final MemorySegment times;

  /**
   * @param arrays those of a graph whose edges have times; writable
   */
  RowTimeOrder(EdgeColumns columns, Map<DatasetFile, MemorySegment> arrays) {
    this.columns = columns;
    this.arrays = arrays;
    indptr = arrays.get(DatasetFile.INDPTR);
    times = arrays.get(DatasetFile.EDGE_TIME);
  }

  void sort(int numNodes, Progress progress) {
    Parallel.run(
        Math.ceilDiv(numNodes, ROWS_PER_TASK),
        progress,
        "sort rows by time",
        task -> {
          int from = task * ROWS_PER_TASK;
          int to = (int) Math.min((long) from + ROWS_PER_TASK, numNodes);
          int[] order = {};
          for (int row = from; row < to; row++) {
            order = sortRow(row, order);
          }
        });
  }

  /** Returns the scratch, which may have grown. */
  private int[] sortRow(int row, int[] scratch) {
    long start = indptr.getAtIndex(JAVA_LONG, row);
    int degree = Math.toIntExact(indptr.getAtIndex(JAVA_LONG, row + 1L) - start);
    if (inOrder(start, degree)) {
      return scratch;
    }
    if (degree > MAX_DEGREE) {
      throw BadInputException.of(
          "row has too many edges to be put in order of time",
          "row",
          row,
          "edges",
          degree,
          "max",
          MAX_DEGREE);
    }
    int[] order = scratch.length < 2 * degree ? new int[2 * degree] : scratch;
    for (int i = 0; i < degree; i++) {
      order[i] = i;
    }
    sort(start, order, 0, degree, degree);
    arrays.forEach(
        (file, values) -> {
          if (file != DatasetFile.INDPTR) {
            int width = file == DatasetFile.EDGE_FEATURES ? columns.featureDim() : 1;
            permute(values, width * file.type().bytes(), start, order, degree);
          }
        });
    return order;
  }

  private boolean inOrder(long start, int degree) {
    for (long position = start + 1; position < start + degree; position++) {
      if (!inOrder(position - 1, position)) {
        return false;
      }
    }
    return true;
  }

  private boolean inOrder(long first, long second) {
    long time = times.getAtIndex(JAVA_LONG, first);
    long next = times.getAtIndex(JAVA_LONG, second);
    return time < next || time == next && (!columns.ids() || id(first) < id(second));
  }

  private long id(long position) {
    return arrays.get(DatasetFile.EDGE_IDS).getAtIndex(JAVA_LONG, position);
  }

  /** A merge sort of ranks in {@code [from, to)}; its scratch lies {@code gap} further on. */
  private void sort(long start, int[] order, int from, int to, int gap) {
    if (to - from <= SHORT) {
      for (int i = from + 1; i < to; i++) {
        int rank = order[i];
        int at = i;
        for (; at > from && !inOrder(start + order[at - 1], start + rank); at--) {
          order[at] = order[at - 1];
        }
        order[at] = rank;
      }
      return;
    }
    int middle = (from + to) >>> 1;
    sort(start, order, from, middle, gap);
    sort(start, order, middle, to, gap);
    System.arraycopy(order, from, order, from + gap, to - from);
    int left = from + gap;
    int right = middle + gap;
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          right == to + gap
              || left < middle + gap && inOrder(start + order[left], start + order[right]);
      order[i] = takeLeft ? order[left++] : order[right++];
    }
  }

  private static void permute(
      MemorySegment values, int stride, long start, int[] order, int degree) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = values.asSlice(start * stride, (long) degree * stride);
      MemorySegment copy = arena.allocate((long) degree * stride, Long.BYTES).copyFrom(row);
      for (int i = 0; i < degree; i++) {
        MemorySegment.copy(copy, (long) order[i] * stride, row, (long) i * stride, stride);
      }
    }
  }
}
