package io.millrace.bench.explore;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Memory off the heap: mapped files, or a copy of them. */
record SegmentRows(MemorySegment indptr, MemorySegment indices) implements Rows {
  @Override
  public long rowStart(int node) {
    return indptr.getAtIndex(JAVA_LONG, node);
  }

  @Override
  public int neighbor(long position) {
    return indices.getAtIndex(JAVA_INT, position);
  }
}
