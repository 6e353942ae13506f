package io.millrace.slicing;

import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.NpyRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Gathers rows by reading them from their file, for matrices that memory does not hold: a read
 * leaves no page of the file in the process, and costs a fraction of the fault that makes one
 * resident.
 *
 * <p>Rows are read in the order of the file, and rows that lie close together in one go, with what
 * is between them. Immutable; shared by all threads.
 *
 * @param rows the open file
 * @param matrix the same rows, which are not touched
 * @param type to give
 */
record FileGather(NpyRows rows, FeatureMatrix matrix, FeatureType type) {
  private static final int BUFFER_BYTES = 1 << 17;

  /** Copying so many bytes costs about as much as another read. */
  private static final int MAX_GAP_BYTES = 1 << 11;

  /**
   * @param nodes global ids, the first {@code count} are used
   * @param out {@code [count x dim]}
   */
  void gather(int[] nodes, int count, MemorySegment out) {
    long[] order = order(nodes, count);
    int rowBytes = matrix.rowBytes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(BUFFER_BYTES, rowBytes));
      ByteBuffer bytes = buffer.asByteBuffer();
      int end;
      for (int begin = 0; begin < count; begin = end) {
        end = runEnd(order, begin, (int) (buffer.byteSize() / rowBytes));
        int first = row(order[begin]);
        rows.read(first, bytes.clear().limit((row(order[end - 1]) - first + 1) * rowBytes));
        for (int i = begin; i < end; i++) {
          put(buffer, row(order[i]) - first, out, (int) order[i]);
        }
      }
    }
  }

  /** The rows in rising order, each with its place in the output: row above, place below. */
  private long[] order(int[] nodes, int count) {
    final int numNodes = matrix.numNodes();
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      if (nodes[i] < 0 || nodes[i] >= numNodes) {
        throw RowGather.outOfRange(nodes, i, numNodes);
      }
      order[i] = (long) nodes[i] << 32 | i;
    }
    Arrays.sort(order);
    return order;
  }

  private static int row(long entry) {
    return (int) (entry >>> 32);
  }

  /** Where the rows end that are read together with the one at {@code begin}. */
  private int runEnd(long[] order, int begin, int maxRows) {
    final int maxStep = 1 + MAX_GAP_BYTES / matrix.rowBytes();
    final int first = row(order[begin]);
    int end = begin + 1;
    while (end < order.length
        && row(order[end]) - row(order[end - 1]) <= maxStep
        && row(order[end]) - first < maxRows) {
      end++;
    }
    return end;
  }

  private void put(MemorySegment buffer, int row, MemorySegment out, int place) {
    long from = (long) row * matrix.rowBytes();
    long outBytes = (long) matrix.dim() * type.bytes();
    if (type == matrix.type()) {
      MemorySegment.copy(buffer, from, out, place * outBytes, outBytes);
    } else {
      JavaGather.widenRow(buffer, from, matrix.dim(), out, place * outBytes);
    }
  }
}
