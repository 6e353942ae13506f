package io.millrace.ranks.params;

import io.millrace.BadInputException;
import java.util.Locale;

/**
 * By how much ranks may lag. Immutable.
 *
 * @param bound how many iterations the updates of others may be missing from what a rank reads, 0
 *     to {@value #MAX_BOUND}; 0 to wait for all in every step
 * @param read which version a rank reads
 */
public record Staleness(int bound, Read read) {
  /** The largest bound: each iteration under way needs memory for a sum. */
  public static final int MAX_BOUND = 1024;

  /** No rank lags. */
  public static final Staleness NONE = new Staleness(0, Read.PINNED);

  /** Which version a rank reads, of those that the bound permits. */
  public enum Read {
    /** The oldest: the result does not depend on time. */
    PINNED,
    /** The newest that is complete. */
    FRESH
  }

  /**
   * @throws BadInputException if the bound is out of range
   */
  public Staleness {
    if (bound < 0 || bound > MAX_BOUND) {
      throw BadInputException.of("staleness must be from 0 to " + MAX_BOUND, "staleness", bound);
    }
  }

  /** Whether a rank may read without the updates of all. */
  public boolean isStale() {
    return bound > 0;
  }

  @Override
  public String toString() {
    return bound + " " + read.name().toLowerCase(Locale.ROOT);
  }
}
