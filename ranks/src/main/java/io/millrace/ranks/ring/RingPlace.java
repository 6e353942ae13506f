package io.millrace.ranks.ring;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Require;
import java.time.Duration;

/**
 * Where a rank stands in a ring, and how long it waits for the others. Immutable.
 *
 * @param rank this one
 * @param size the number of ranks
 * @param silenceLimit after which time without any sign of life a neighbour counts as dead
 * @param operationLimit after which time in one operation a neighbour counts as stuck, though it
 *     lives
 * @param closeLimit how long a rank that closes waits for its neighbours to close, too
 */
@Internal
public record RingPlace(
    int rank, int size, Duration silenceLimit, Duration operationLimit, Duration closeLimit) {
  /**
   * @throws BadInputException if there is no such rank, or a limit is not positive
   */
  public RingPlace {
    if (rank < 0 || rank >= size || size > RingSettings.MAX_RANKS) {
      throw BadInputException.of(
          "each rank needs a place", "rank", rank, "ranks", size, "max", RingSettings.MAX_RANKS);
    }
    Require.positive("silenceLimit", silenceLimit.toNanos() / 1e9);
    Require.positive("operationLimit", operationLimit.toNanos() / 1e9);
    Require.positive("closeLimit", closeLimit.toNanos() / 1e9);
  }

  /** The rank that this one sends to. */
  public int next() {
    return (rank + 1) % size;
  }

  /** The rank that this one receives from. */
  public int previous() {
    return Math.floorMod(rank - 1, size);
  }
}
