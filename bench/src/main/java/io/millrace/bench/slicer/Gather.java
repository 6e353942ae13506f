package io.millrace.bench.slicer;

import java.lang.foreign.MemorySegment;

/** A way to gather rows, as {@code bench slicer} sees it; shared by all threads. */
@FunctionalInterface
interface Gather {
  /**
   * @param nodes the rows, all in range
   * @param slot room for them; what gathers elsewhere leaves it alone
   */
  void run(int[] nodes, MemorySegment slot);
}
