package io.millrace.slicing;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * The gather in Java: reference and fallback.
 *
 * @param reason why Java gathers, in one line
 */
record JavaGather(String reason) implements RowGather {
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
    for (int i = 0; i < count; i++) {
      int node = nodes[i];
      if (node < 0 || node >= numNodes) {
        throw RowGather.outOfRange(nodes, i, numNodes);
      }
      long from = node * rowBytes;
      long to = i * outRowBytes;
      for (int c = 0; c < dim; c++) {
        short half = rows.get(JAVA_SHORT_UNALIGNED, from + 2L * c);
        out.set(JAVA_FLOAT_UNALIGNED, to + 4L * c, Float.float16ToFloat(half));
      }
    }
  }
}
