package io.millrace.datasets.csr;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.npy.ArrayAppender;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Splits sorted edges, piece by piece, into the arrays of a graph: row bounds, sources, and one
 * column per edge attribute.
 *
 * <p>Used by one thread at a time; the creator closes it. It does not own the arrays.
 */
final class CsrAppender implements AutoCloseable {
  private static final int MAX_BOUNDS = 1 << 13;

  private final int numNodes;
  private final EdgeColumns columns;
  private final Map<DatasetFile, ? extends ArrayAppender> arrays;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment bounds = arena.allocate((long) MAX_BOUNDS * Long.BYTES, Long.BYTES);
  private int numBounds;
  private int nextNode;
  private long numEdges;

  /**
   * @param arrays one for each file that the columns require
   */
  CsrAppender(int numNodes, EdgeColumns columns, Map<DatasetFile, ? extends ArrayAppender> arrays) {
    this.numNodes = numNodes;
    this.columns = columns;
    this.arrays = arrays;
  }

  /** Edges appended so far. */
  long numEdges() {
    return numEdges;
  }

  /** Appends edges whose keys are not below those before. */
  void append(EdgeBuffer sorted) throws IOException {
    appendBounds(sorted.keys());
    appendSources(sorted);
    if (columns.ids()) {
      appendLongs(DatasetFile.EDGE_IDS, sorted, 0);
    }
    if (columns.times()) {
      appendLongs(DatasetFile.EDGE_TIME, sorted, columns.timeOffset());
    }
    if (columns.weights()) {
      appendWeights(sorted);
    }
    if (columns.featureDim() > 0) {
      appendFeatures(sorted);
    }
    numEdges += sorted.size();
  }

  /** Appends the bounds of the remaining rows, all empty. */
  void finish() throws IOException {
    while (nextNode <= numNodes) {
      appendBound(numEdges);
    }
    flushBounds();
  }

  /** A row begins at the first edge whose destination is its node or a later one. */
  private void appendBounds(MemorySegment keys) throws IOException {
    long size = keys.byteSize() / Long.BYTES;
    for (long i = 0; i < size; i++) {
      int dst = EdgeList.dst(keys.getAtIndex(JAVA_LONG, i));
      while (nextNode <= dst) {
        appendBound(numEdges + i);
      }
    }
  }

  private void appendBound(long bound) throws IOException {
    bounds.setAtIndex(JAVA_LONG, numBounds++, bound);
    nextNode++;
    if (numBounds == MAX_BOUNDS) {
      flushBounds();
    }
  }

  private void flushBounds() throws IOException {
    arrays.get(DatasetFile.INDPTR).append(bounds.asSlice(0, (long) numBounds * Long.BYTES));
    numBounds = 0;
  }

  private void appendSources(EdgeBuffer sorted) throws IOException {
    MemorySegment keys = sorted.keys();
    MemorySegment sources = sorted.spare();
    long size = sorted.size();
    for (long i = 0; i < size; i++) {
      sources.setAtIndex(JAVA_INT, i, EdgeList.src(keys.getAtIndex(JAVA_LONG, i)));
    }
    arrays.get(DatasetFile.INDICES).append(sources.asSlice(0, size * Integer.BYTES));
  }

  private void appendLongs(DatasetFile array, EdgeBuffer sorted, int at) throws IOException {
    MemorySegment carried = sorted.carried();
    MemorySegment values = sorted.spare();
    long size = sorted.size();
    long stride = columns.bytes();
    for (long i = 0; i < size; i++) {
      values.setAtIndex(JAVA_LONG, i, carried.get(EdgeColumns.LONG, i * stride + at));
    }
    arrays.get(array).append(values.asSlice(0, size * Long.BYTES));
  }

  private void appendWeights(EdgeBuffer sorted) throws IOException {
    MemorySegment carried = sorted.carried();
    MemorySegment values = sorted.spare();
    long size = sorted.size();
    long stride = columns.bytes();
    int at = columns.weightOffset();
    for (long i = 0; i < size; i++) {
      values.setAtIndex(JAVA_FLOAT, i, carried.get(EdgeColumns.FLOAT, i * stride + at));
    }
    arrays.get(DatasetFile.EDGE_WEIGHTS).append(values.asSlice(0, size * Float.BYTES));
  }

  private void appendFeatures(EdgeBuffer sorted) throws IOException {
    MemorySegment carried = sorted.carried();
    MemorySegment rows = sorted.spareCarried();
    long size = sorted.size();
    long stride = columns.bytes();
    long rowBytes = (long) columns.featureDim() * Float.BYTES;
    for (long i = 0; i < size; i++) {
      long from = i * stride + columns.featureOffset();
      MemorySegment.copy(carried, from, rows, i * rowBytes, rowBytes);
    }
    arrays.get(DatasetFile.EDGE_FEATURES).append(rows.asSlice(0, size * rowBytes));
  }

  @Override
  public void close() {
    arena.close();
  }
}
