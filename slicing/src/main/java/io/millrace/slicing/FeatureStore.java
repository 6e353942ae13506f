package io.millrace.slicing;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/**
 * Where the features of nodes come from: a store gathers the rows of given nodes into a slot.
 *
 * <p>{@link #of} reads a matrix, mapped or in memory. Rows may also come from a cache, from a disk
 * or from another machine: whatever implements this can be sliced from. The bytes of a row are a
 * function of the node alone, so that batches do not depend on the store. All workers share a store
 * and call it at the same time, so it is thread-safe; it is owned by its creator.
 */
public interface FeatureStore extends AutoCloseable {
  /** The result of {@link #gatherAhead} if nothing is left to be done. */
  CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  /** Columns of a row. */
  int dim();

  /** The type of the rows that {@link #gather} writes. */
  FeatureType type();

  /**
   * Writes the row of {@code nodes[i]} to row {@code i} of the output.
   *
   * @param nodes global ids, the first {@code count} are used
   * @param out {@code [count x dim]} of the store's type
   * @throws BadInputException if an id is out of range
   */
  void gather(int[] nodes, int count, MemorySegment out);

  /**
   * Begins to {@link #gather}: rows that are far away may arrive after the call, so that a worker
   * can prepare the next batch meanwhile. By default all rows are there when it returns.
   *
   * @param out as for {@link #gather}; the caller leaves it alone until the result is done
   * @return is done when the last row is written, or fails with what {@link #gather} would throw
   * @throws BadInputException as {@link #gather}
   */
  default CompletableFuture<Void> gatherAhead(int[] nodes, int count, MemorySegment out) {
    gather(nodes, count, out);
    return DONE;
  }

  /** Frees what the store owns, after the last gather; nothing by default. */
  @Override
  default void close() {}

  /**
   * The rows of a matrix, which stays the caller's.
   *
   * @param type the type to write: the matrix's own type, or float32 for a float16 matrix
   * @throws BadInputException if the rows would have to be narrowed, or if the native gather is
   *     requested by name and cannot be used
   */
  static FeatureStore of(FeatureMatrix features, FeatureType type, GatherKind kind) {
    return MatrixFeatures.of(features, type, kind);
  }
}
