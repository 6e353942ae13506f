package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Turns one bucket of an {@link EdgePartition} into sorted rows: a counting sort by destination,
 * then each row is sorted by source and rid of duplicates.
 *
 * <p>It writes its own part of {@code indices} and of {@code indptr} only, so all buckets can be
 * built at once.
 */
final class CsrBucket {
  /** Longest Java array on every JVM. */
  private static final int MAX_ROW = Integer.MAX_VALUE - 8;

  private CsrBucket() {}

  /**
   * @param indptr gets the length of row {@code v} at {@code v + 1}
   * @param indices gets the rows without gaps, from the bucket's start on
   * @return how many edges are left when duplicates are gone
   */
  static long build(
      EdgePartition partition,
      int bucket,
      EdgeOptions options,
      MemorySegment indptr,
      MemorySegment indices) {
    MemorySegment edges = partition.edges(bucket);
    MemorySegment rows =
        indices.asSlice(
            partition.start(bucket) * Integer.BYTES, edges.byteSize() / Long.BYTES * Integer.BYTES);
    int firstNode = partition.firstNode(bucket);
    long[] ends = scatter(edges, firstNode, partition.numNodes(bucket), rows);
    int[] row = new int[longestRow(ends, firstNode)];
    long kept = 0;
    long start = 0;
    for (int i = 0; i < ends.length; i++) {
      int length = (int) (ends[i] - start);
      MemorySegment.copy(rows, JAVA_INT, start * Integer.BYTES, row, 0, length);
      Arrays.sort(row, 0, length);
      int distinct = options.dropDuplicates() ? distinct(row, length) : length;
      MemorySegment.copy(row, 0, rows, JAVA_INT, kept * Integer.BYTES, distinct);
      indptr.setAtIndex(JAVA_LONG, firstNode + i + 1L, distinct);
      start = ends[i];
      kept += distinct;
    }
    return kept;
  }

  /**
   * Counting sort of the edges' sources by destination.
   *
   * @return where each row ends in {@code rows}, {@code [numNodes]}
   */
  private static long[] scatter(
      MemorySegment edges, int firstNode, int numNodes, MemorySegment rows) {
    long[] places = new long[numNodes];
    long size = edges.byteSize() / Long.BYTES;
    for (long i = 0; i < size; i++) {
      places[EdgeList.dst(edges.getAtIndex(JAVA_LONG, i)) - firstNode]++;
    }
    long sum = 0;
    for (int i = 0; i < numNodes; i++) {
      long count = places[i];
      places[i] = sum;
      sum += count;
    }
    // Each place walks from its row's start to its end, which is the next row's start.
    for (long i = 0; i < size; i++) {
      long edge = edges.getAtIndex(JAVA_LONG, i);
      rows.setAtIndex(JAVA_INT, places[EdgeList.dst(edge) - firstNode]++, EdgeList.src(edge));
    }
    return places;
  }

  private static int longestRow(long[] ends, int firstNode) {
    long longest = 0;
    long start = 0;
    for (int i = 0; i < ends.length; i++) {
      long length = ends[i] - start;
      if (length > MAX_ROW) {
        throw BadInputException.of(
            "row too long", "node", firstNode + i, "edges", length, "max", MAX_ROW);
      }
      longest = Math.max(longest, length);
      start = ends[i];
    }
    return (int) longest;
  }

  /** Moves the distinct values of a sorted row to its front; returns how many there are. */
  private static int distinct(int[] row, int length) {
    int distinct = 0;
    for (int i = 0; i < length; i++) {
      if (i == 0 || row[i] != row[i - 1]) {
        row[distinct++] = row[i];
      }
    }
    return distinct;
  }
}
