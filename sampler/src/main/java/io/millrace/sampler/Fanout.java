package io.millrace.sampler;

import io.millrace.BadInputException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How many neighbours to sample per node at each hop. Hop 1, next to the seeds, comes first; {@link
 * #ALL} takes every neighbour.
 *
 * <p>PyG and SALIENT use the same order; DGL uses the reverse. A fanout without hops is allowed:
 * the batch then holds only the seeds. An immutable value.
 */
public final class Fanout {
  /** Takes every neighbour of a node. */
  public static final int ALL = -1;

  private final int[] perHop;

  private Fanout(int[] perHop) {
    this.perHop = perHop;
  }

  public static Fanout of(int... perHop) {
    for (int fanout : perHop) {
      if (fanout < 1 && fanout != ALL) {
        throw BadInputException.of(
            "fanout must be positive, or -1 for all",
            "fanout",
            Arrays.toString(perHop),
            "entry",
            fanout);
      }
    }
    return new Fanout(perHop.clone());
  }

  /** Reads {@code "15,10,5"}. */
  public static Fanout parse(String text) {
    try {
      return of(
          Arrays.stream(text.split(",", -1))
              .map(String::strip)
              .mapToInt(Integer::parseInt)
              .toArray());
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "fanout must be whole numbers separated by commas: fanout=" + text, e);
    }
  }

  /** The same fanout at every hop. */
  public static Fanout uniform(int fanout, int numHops) {
    int[] perHop = new int[numHops];
    Arrays.fill(perHop, fanout);
    return of(perHop);
  }

  public int numHops() {
    return perHop.length;
  }

  /**
   * @param hop from 1, next to the seeds, to {@link #numHops}
   */
  public int at(int hop) {
    return perHop[hop - 1];
  }

  /** Whether every hop takes all neighbours, so that nothing is drawn. */
  public boolean isWholeGraph() {
    return Arrays.stream(perHop).allMatch(it -> it == ALL);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Fanout that && Arrays.equals(perHop, that.perHop);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(perHop);
  }

  /** The form that {@link #parse} reads. */
  @Override
  public String toString() {
    return Arrays.stream(perHop).mapToObj(Integer::toString).collect(Collectors.joining(","));
  }
}
