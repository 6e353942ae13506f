package io.millrace.sampler.link;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Require;

/**
 * Which pairs a batch takes for unlinked ones. Immutable.
 *
 * @param kind how they are chosen
 * @param perPositive negatives of each positive; 1 for {@link Kind#IN_BATCH}, where it has no
 *     meaning
 * @param strict whether a pair that is an edge of the training graph, or a node with itself, is
 *     never one
 */
public record Negatives(Kind kind, int perPositive, boolean strict) {
  /** How negatives are chosen. */
  public enum Kind {
    /** The positive's source with another destination, uniformly: PyG's triplets. */
    DESTINATION,
    /** Both ends uniformly. */
    UNIFORM,
    /**
     * The positive's source with the destinations of the batch's other positives; no more nodes.
     */
    IN_BATCH
  }

  /** The most negatives of a positive: the random numbers of each are 64 counters. */
  private static final int MAX = 1 << 24;

  /**
   * @throws BadInputException if there are none, or too many
   */
  public Negatives {
    Require.positive("negatives", perPositive);
    if (perPositive > MAX) {
      throw BadInputException.of("too many negatives", "negatives", perPositive, "max", MAX);
    }
    if (kind == Kind.IN_BATCH && perPositive != 1) {
      throw BadInputException.of(
          "in-batch negatives are the batch's, their number cannot be chosen",
          "negatives",
          perPositive);
    }
  }

  /** One other destination for each positive, never a true edge. */
  public static Negatives destination() {
    return new Negatives(Kind.DESTINATION, 1, true);
  }

  /** Nodes that the negatives of a positive add to a batch, at most. */
  @Internal
  public long endsPerPositive() {
    return switch (kind) {
      case DESTINATION -> perPositive;
      case UNIFORM -> 2L * perPositive;
      case IN_BATCH -> 0;
    };
  }

  public Negatives kind(Kind value) {
    return new Negatives(value, perPositive, strict);
  }

  public Negatives perPositive(int value) {
    return new Negatives(kind, value, strict);
  }

  public Negatives strict(boolean value) {
    return new Negatives(kind, perPositive, value);
  }
}
