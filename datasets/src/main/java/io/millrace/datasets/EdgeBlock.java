package io.millrace.datasets;

import java.lang.foreign.MemorySegment;

/**
 * A block of directed edges with their {@link EdgeColumns}, for an {@link EdgeSource} to fill: at
 * most {@link #capacity} edges.
 *
 * <p>{@link #add} an edge, then set what it carries; what is not set is zero. Used by one thread at
 * a time, and only inside {@link EdgeSource#next}.
 */
public final class EdgeBlock {
  private final EdgeRecords records;
  private final EdgeColumns columns;
  private final int capacity;

  EdgeBlock(EdgeRecords records, int capacity) {
    this.records = records;
    this.columns = records.columns();
    this.capacity = capacity;
  }

  /** Edges that there is room for; the same for all blocks of a build. */
  public int capacity() {
    return capacity;
  }

  public int size() {
    return records.size();
  }

  public boolean isFull() {
    return records.size() == capacity;
  }

  /** Appends an edge; whether its ids are in range is checked later. */
  public void add(int src, int dst) {
    if (isFull()) {
      throw new IllegalStateException("block is full: capacity=" + capacity);
    }
    records.add(EdgeList.pack(src, dst));
  }

  /** The weight of the edge that was added last. */
  public void weight(float value) {
    require(columns.weights(), "weights");
    carried().set(EdgeColumns.FLOAT, columns.weightOffset(), value);
  }

  /** The time of the edge that was added last. */
  public void time(long value) {
    require(columns.times(), "times");
    carried().set(EdgeColumns.LONG, columns.timeOffset(), value);
  }

  /** One feature of the edge that was added last. */
  public void feature(int column, float value) {
    require(column >= 0 && column < columns.featureDim(), "this feature");
    carried().set(EdgeColumns.FLOAT, columns.featureOffset() + (long) column * Float.BYTES, value);
  }

  /**
   * Appends {@code count} zero edges, 8 bytes each as {@link EdgeList} packs them, to be filled.
   */
  MemorySegment append(int count) {
    if (count > capacity - size()) {
      throw new IllegalStateException("block is full: capacity=" + capacity);
    }
    return records.append(count);
  }

  private MemorySegment carried() {
    return records.carried(records.size() - 1);
  }

  private static void require(boolean holds, String column) {
    if (!holds) {
      throw new IllegalStateException("edges of this build do not carry " + column);
    }
  }
}
