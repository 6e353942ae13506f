package io.millrace.slicing.partition;

import io.millrace.Internal;

/**
 * Where the rows of batches came from.
 *
 * @param local from this rank's own part
 * @param cached from its copies of others' rows
 * @param remote from other ranks
 * @param fetchNanos time that batches waited for the last of their remote rows after all else was
 *     done, added up
 */
@Internal
public record RowCounts(long local, long cached, long remote, long fetchNanos) {
  /** No rows. */
  public static final RowCounts NONE = new RowCounts(0, 0, 0, 0);

  /** What came since an earlier count. */
  public RowCounts since(RowCounts before) {
    return new RowCounts(
        local - before.local,
        cached - before.cached,
        remote - before.remote,
        fetchNanos - before.fetchNanos);
  }

  public RowCounts plus(RowCounts other) {
    return new RowCounts(
        local + other.local,
        cached + other.cached,
        remote + other.remote,
        fetchNanos + other.fetchNanos);
  }

  public long all() {
    return local + cached + remote;
  }
}
