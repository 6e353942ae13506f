package io.millrace.datasets.csr;

import io.millrace.Internal;
import io.millrace.datasets.EdgeColumns;
import java.lang.foreign.MemorySegment;

/**
 * A block of directed edges with their {@link EdgeColumns}, for an {@link EdgeSource} to fill: at
 * most {@link #capacity} edges.
 *
 * <p>The source calls {@link #add} and sets the attributes of the edge; those not set are zero.
 * Used by one thread at a time, and only inside {@link EdgeSource#next}.
 */
@Internal
public final class EdgeBlock {
  private final EdgeBuffer records;
  private final EdgeColumns columns;
  private final int capacity;

  EdgeBlock(EdgeBuffer records, int capacity) {
    this.records = records;
    this.columns = records.columns();
    this.capacity = capacity;
  }

  /** The most edges of the block; the same for all blocks of a build. */
  public int capacity() {
    return capacity;
  }

  public int size() {
    return records.size();
  }

  public boolean isFull() {
    return records.size() == capacity;
  }

  /** Appends an edge; its ids are checked later. */
  public void add(int src, int dst) {
    if (isFull()) {
      throw new IllegalStateException("block is full: capacity=" + capacity);
    }
    records.add(EdgeList.pack(src, dst));
  }

  /**
   * The weight of an edge.
   *
   * @param edge its index in the block
   */
  public void weight(int edge, float value) {
    require(columns.weights(), "weights");
    carried(edge).set(EdgeColumns.FLOAT, columns.weightOffset(), value);
  }

  /** The time of an edge. */
  public void time(int edge, long value) {
    require(columns.times(), "times");
    carried(edge).set(EdgeColumns.LONG, columns.timeOffset(), value);
  }

  /** One feature of an edge. */
  public void feature(int edge, int column, float value) {
    require(column >= 0 && column < columns.featureDim(), "this feature");
    carried(edge)
        .set(EdgeColumns.FLOAT, columns.featureOffset() + (long) column * Float.BYTES, value);
  }

  /**
   * Appends {@code count} zero edges, 8 bytes each as {@link EdgeList} packs them, to be filled.
   */
  public MemorySegment append(int count) {
    if (count > capacity - size()) {
      throw new IllegalStateException("block is full: capacity=" + capacity);
    }
    return records.append(count);
  }

  /** Appends an edge that is left out of the graph, but counts in the positions of the others. */
  public void skip() {
    if (isFull()) {
      throw new IllegalStateException("block is full: capacity=" + capacity);
    }
    records.skip();
  }

  private MemorySegment carried(int edge) {
    return records.carried(edge);
  }

  private static void require(boolean holds, String column) {
    if (!holds) {
      throw new IllegalStateException("edges of this build do not carry " + column);
    }
  }
}
