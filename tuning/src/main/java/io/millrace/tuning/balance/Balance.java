package io.millrace.tuning.balance;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A division of a batch among ranks: how many virtual nodes it has, and how many each rank
 * computes, such that the slowest rank is done as early as possible. Immutable.
 *
 * @param batchSize seeds of a whole batch
 * @param shares of the ranks, in their order
 */
@Internal
public record Balance(int batchSize, List<Share> shares) {
  /**
   * What a rank does.
   *
   * @param virtualNodes that it computes; 0 for one that would only delay the others
   * @param millis that it takes for them in a step
   */
  public record Share(int virtualNodes, double millis) {}

  public Balance {
    shares = List.copyOf(shares);
  }

  /**
   * The best division, with any size that one of the profiles has.
   *
   * @param profiles of the ranks, in their order
   * @throws BadInputException if there are none
   */
  public static Balance best(int batchSize, List<RankProfile> profiles) {
    TreeSet<Integer> numbers = new TreeSet<>(); // of virtual nodes: among equal ones the fewest
    for (RankProfile profile : profiles) {
      profile.points().forEach(it -> numbers.add(Math.ceilDiv(batchSize, it.size())));
    }
    if (numbers.isEmpty()) {
      throw new BadInputException("each rank needs a profile: ranks=0");
    }
    Balance best = null;
    for (int virtualNodes : numbers) {
      Balance next = of(batchSize, virtualNodes, profiles);
      if (best == null || next.millis() < best.millis()) {
        best = next;
      }
    }
    return best;
  }

  /**
   * The best division into a given number of virtual nodes.
   *
   * @param profiles of the ranks, in their order
   * @throws BadInputException if no rank has measured so large a virtual node
   */
  public static Balance of(int batchSize, int virtualNodes, List<RankProfile> profiles) {
    int size = Math.ceilDiv(batchSize, virtualNodes);
    double[] millis = profiles.stream().mapToDouble(it -> it.millis(size)).toArray();
    if (Arrays.stream(millis).noneMatch(Double::isFinite)) {
      throw BadInputException.of(
          "no profile has so large a virtual node: profile larger ones, or take more virtual nodes",
          "seeds",
          size,
          "virtualNodes",
          virtualNodes);
    }
    int[] counts = new int[millis.length];
    for (int v = 0; v < virtualNodes; v++) {
      counts[firstDone(counts, millis)]++;
    }
    return new Balance(
        batchSize,
        IntStream.range(0, counts.length)
            .mapToObj(r -> new Share(counts[r], counts[r] == 0 ? 0 : counts[r] * millis[r]))
            .toList());
  }

  /**
   * The rank that would be done first with one virtual node more, of equal ones the fastest. All
   * are of one size, so giving each to this rank makes the last end as early as possible.
   */
  private static int firstDone(int[] counts, double[] millis) {
    int best = 0;
    for (int r = 1; r < counts.length; r++) {
      double mine = (counts[r] + 1) * millis[r];
      double its = (counts[best] + 1) * millis[best];
      if (mine < its || mine == its && millis[r] < millis[best]) {
        best = r;
      }
    }
    return best;
  }

  /** How many parts each batch is divided into. */
  public int virtualNodes() {
    return shares.stream().mapToInt(Share::virtualNodes).sum();
  }

  /** Virtual nodes of each rank. */
  public int[] counts() {
    return shares.stream().mapToInt(Share::virtualNodes).toArray();
  }

  /** How long a step takes: as long as its slowest rank. */
  public double millis() {
    return shares.stream().mapToDouble(Share::millis).max().orElseThrow();
  }
}
