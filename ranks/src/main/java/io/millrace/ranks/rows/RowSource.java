package io.millrace.ranks.rows;

import io.millrace.Internal;
import java.lang.foreign.MemorySegment;

/** Rows that other ranks may ask for. Called by several threads at a time. */
@Internal
@FunctionalInterface
public interface RowSource {
  /**
   * Writes the row of {@code ids[i]} to row {@code i} of the output.
   *
   * @param ids the first {@code count} are used; from another rank, so they may be wrong
   * @param out native memory
   * @throws RuntimeException if an id is out of range; the other rank gets the message
   */
  void gather(int[] ids, int count, MemorySegment out);
}
