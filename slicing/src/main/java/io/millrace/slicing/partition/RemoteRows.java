package io.millrace.slicing.partition;

import io.millrace.Internal;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;

/** Fetches rows from the ranks that have them. Thread-safe. */
@Internal
@FunctionalInterface
public interface RemoteRows {
  /**
   * Begins to fetch rows.
   *
   * @param owner the rank that has them
   * @param nodes whose rows are fetched; not changed until the result is done
   * @param places where they go: the row of {@code nodes[i]} becomes row {@code places[i]} of the
   *     output; not changed either
   * @param out rows of the owner's type
   * @return is done when all rows are written, or fails with an exception that names the owner
   */
  CompletableFuture<Void> fetch(int owner, int[] nodes, int[] places, MemorySegment out);
}
