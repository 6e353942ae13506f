package io.millrace.slicing;

import io.millrace.kernel.GatherKernel;
import java.lang.foreign.MemorySegment;

/** The gather in C: it prefetches the next rows while it copies one. */
record NativeGather(GatherKernel kernel) implements RowGather {
  @Override
  public String name() {
    return "native";
  }

  @Override
  public String description() {
    return "native, " + kernel.description();
  }

  @Override
  public void copy(MemorySegment rows, long rowBytes, int[] nodes, int count, MemorySegment out) {
    int done = kernel.copy(rows, rowBytes, nodes, count, out);
    if (done < count) {
      throw RowGather.outOfRange(nodes, done, rows.byteSize() / rowBytes);
    }
  }

  @Override
  public void widen(MemorySegment rows, int dim, int[] nodes, int count, MemorySegment out) {
    int done = kernel.widen(rows, dim, nodes, count, out);
    if (done < count) {
      throw RowGather.outOfRange(nodes, done, rows.byteSize() / ((long) dim * Short.BYTES));
    }
  }
}
