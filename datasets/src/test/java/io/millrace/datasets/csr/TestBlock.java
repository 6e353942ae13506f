package io.millrace.datasets.csr;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.EdgeColumns;
import java.lang.foreign.Arena;
import java.util.Arrays;

/** A block without columns, for tests of edge sources in other packages. */
public final class TestBlock implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final EdgeBuffer buffer;
  private final int capacity;

  public TestBlock(int capacity) {
    this.capacity = capacity;
    buffer = new EdgeBuffer(capacity, EdgeColumns.NONE, arena);
  }

  /** Empties the block and has it filled; returns what the source returns. */
  public long fillFrom(EdgeSource source) {
    buffer.clear();
    return source.next(new EdgeBlock(buffer, capacity));
  }

  /** The edges in the block, packed. */
  public long[] edges() {
    return buffer.keys().toArray(JAVA_LONG);
  }

  /** All edges of a list, packed. */
  public static long[] edges(EdgeList list) {
    long[] edges = new long[(int) list.size()];
    Arrays.setAll(edges, list::get);
    return edges;
  }

  @Override
  public void close() {
    arena.close();
  }
}
