package io.millrace.slicing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The gather in Java: reference and fallback. Float16 is widened from array to array, because the
 * JVM's compiler makes vector instructions of such a loop and not of one over memory segments.
 *
 * @param reason why Java gathers, in one line
 */
record JavaGather(String reason) implements RowGather {
  /** Rows are widened in blocks of about this many values: two arrays that stay in the L1 cache. */
  private static final int BLOCK_VALUES = 4096;

  @Override
  public String name() {
    return "java";
  }

  @Override
  public String description() {
    return "java, because " + reason;
  }

  @Override
  public void copy(MemorySegment rows, long rowBytes, int[] nodes, int count, MemorySegment out) {
    Objects.checkFromIndexSize(0, count, nodes.length);
    Objects.checkFromIndexSize(0, count * rowBytes, out.byteSize());
    final long numNodes = rows.byteSize() / rowBytes;
    for (int i = 0; i < count; i++) {
      int node = nodes[i];
      if (node < 0 || node >= numNodes) {
        throw RowGather.outOfRange(nodes, i, numNodes);
      }
      MemorySegment.copy(rows, node * rowBytes, out, i * rowBytes, rowBytes);
    }
  }

  @Override
  public void widen(MemorySegment rows, int dim, int[] nodes, int count, MemorySegment out) {
    final long rowBytes = (long) dim * Short.BYTES;
    final long outRowBytes = (long) dim * Float.BYTES;
    Objects.checkFromIndexSize(0, count, nodes.length);
    Objects.checkFromIndexSize(0, count * outRowBytes, out.byteSize());
    final long numNodes = rows.byteSize() / rowBytes;
    final int blockRows = Math.clamp(BLOCK_VALUES / dim, 1, Math.max(1, count));
    final short[] halves = new short[blockRows * dim];
    final float[] floats = new float[blockRows * dim];
    for (int begin = 0; begin < count; begin += blockRows) {
      int numRows = Math.min(blockRows, count - begin);
      for (int i = 0; i < numRows; i++) {
        int node = nodes[begin + i];
        if (node < 0 || node >= numNodes) {
          throw RowGather.outOfRange(nodes, begin + i, numNodes);
        }
        MemorySegment.copy(rows, JAVA_SHORT_UNALIGNED, node * rowBytes, halves, i * dim, dim);
      }
      int numValues = numRows * dim;
      for (int v = 0; v < numValues; v++) {
        floats[v] = Float.float16ToFloat(halves[v]);
      }
      MemorySegment.copy(floats, 0, out, JAVA_FLOAT_UNALIGNED, begin * outRowBytes, numValues);
    }
  }
}
