package io.millrace.sampler.link;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.links.TimedLinks;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.draw.BatchRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * Batches whose seeds are the ends of events, each at the time of its event, and negatives at the
 * same time: the event's source with another destination. Immutable; all threads share it.
 *
 * <p>A negative is drawn uniformly from the nodes that have been a destination before that time,
 * because a model would tell the others by their having no neighbours. A former partner of the
 * source may be one, but not its partner at that very time.
 */
public final class TimedLinkPlan {
  /** The key below a batch's seed that negatives have, as those of a {@link LinkPlan}. */
  private static final int NEGATIVES = -1;

  private static final int TRIES = 16;

  /** Counters of a negative. */
  private static final int COUNTERS = 64;

  private static final int NONE = -1;

  private final TimedLinks positives;
  private final int perPositive;
  private final TimedLinks all;

  /** The destinations of all events in the order of their first one, and its time. */
  private final int[] destinations;

  private final long[] firstTimes;

  private TimedLinkPlan(
      TimedLinks positives, int perPositive, TimedLinks all, int[] destinations, long[] firsts) {
    this.positives = positives;
    this.perPositive = perPositive;
    this.all = all;
    this.destinations = destinations;
    firstTimes = firsts;
  }

  /**
   * @param positives events to learn, or to be judged by
   * @param perPositive negatives of each
   * @param all events of the graph
   * @param numNodes of the graph
   * @throws BadInputException if there are no positives
   */
  public static TimedLinkPlan of(
      TimedLinks positives, int perPositive, TimedLinks all, int numNodes) {
    Require.positive("negatives", perPositive);
    if (positives.size() == 0) {
      throw BadInputException.of("there are no links to learn", "events", all.size());
    }
    boolean[] seen = new boolean[numNodes];
    int[] destinations = new int[numNodes];
    long[] firsts = new long[numNodes];
    int size = 0;
    for (int i = 0; i < all.size(); i++) {
      int dst = all.dst()[i];
      if (!seen[dst]) {
        seen[dst] = true;
        firsts[size] = all.times()[i];
        destinations[size++] = dst;
      }
    }
    return new TimedLinkPlan(
        positives,
        perPositive,
        all,
        Arrays.copyOf(destinations, size),
        Arrays.copyOf(firsts, size));
  }

  /** The number of positives: an {@link EpochPlan} for {@link #batches} has the ids below it. */
  public int size() {
    return positives.size();
  }

  /**
   * The batches of an epoch.
   *
   * @param epoch whose seeds are indices of the positives
   */
  public LinkBatches batches(EpochPlan.Epoch epoch) {
    return new Batches(epoch);
  }

  /** A destination for the source of an event; {@link #NONE} if no other is allowed. */
  private int negative(long key, int q, int event) {
    long time = positives.times()[event];
    int numCandidates = countBefore(time);
    if (numCandidates == 0) {
      return NONE;
    }
    for (int c = 0; c < TRIES; c++) {
      int dst = destinations[BatchRandom.bounded(key, q * COUNTERS + c, numCandidates)];
      if (isAllowed(event, dst)) {
        return dst;
      }
    }
    int[] allowed =
        Arrays.stream(destinations, 0, numCandidates).filter(it -> isAllowed(event, it)).toArray();
    return allowed.length == 0
        ? NONE
        : allowed[BatchRandom.bounded(key, q * COUNTERS + TRIES, allowed.length)];
  }

  private int countBefore(long time) {
    int found = Arrays.binarySearch(firstTimes, time);
    int count = found < 0 ? -1 - found : found;
    while (count > 0 && firstTimes[count - 1] == time) {
      count--;
    }
    return count;
  }

  /** Whether there is no event from the source to it at the time of the event. */
  private boolean isAllowed(int event, int dst) {
    long time = positives.times()[event];
    int src = positives.src()[event];
    if (dst == src) {
      return false;
    }
    for (int i = all.countBefore(time); i < all.size() && all.times()[i] == time; i++) {
      if (all.src()[i] == src && all.dst()[i] == dst) {
        return false;
      }
    }
    return true;
  }

  private final class Batches implements LinkBatches {
    private final EpochPlan.Epoch epoch;

    private Batches(EpochPlan.Epoch epoch) {
      this.epoch = epoch;
    }

    @Override
    public int number() {
      return epoch.number();
    }

    @Override
    public int numBatches() {
      return epoch.numBatches();
    }

    @Override
    public long batchSeed(int batch) {
      return epoch.batchSeed(batch);
    }

    @Override
    public LinkSeeds links(int batch) {
      int[] events = epoch.seeds(batch);
      int count = events.length;
      int most = Math.addExact(count, Math.multiplyExact(count, perPositive));
      int[] seeds = new int[count + most];
      int[] src = new int[most];
      int[] dst = new int[most];
      int[] positive = new int[most];
      for (int i = 0; i < count; i++) {
        seeds[i] = positives.src()[events[i]];
        seeds[count + i] = positives.dst()[events[i]];
        src[i] = i;
        dst[i] = count + i;
        positive[i] = i;
      }
      int size = count;
      long key = BatchRandom.key(epoch.batchSeed(batch), NEGATIVES);
      for (int i = 0; i < count; i++) {
        long pairKey = BatchRandom.key(key, i);
        for (int q = 0; q < perPositive; q++) {
          int node = negative(pairKey, q, events[i]);
          if (node != NONE) {
            seeds[count + size] = node;
            src[size] = i;
            dst[size] = count + size;
            positive[size++] = i;
          }
        }
      }
      return new LinkSeeds(
          Arrays.copyOf(seeds, count + size),
          count,
          Arrays.copyOf(src, size),
          Arrays.copyOf(dst, size),
          Arrays.copyOf(positive, size));
    }

    @Override
    public Optional<long[]> times(int batch) {
      int[] events = epoch.seeds(batch);
      LinkSeeds links = links(batch);
      long[] times = new long[links.seeds().length];
      for (int pair = 0; pair < links.numPairs(); pair++) {
        long time = positives.times()[events[links.positive()[pair]]];
        times[links.src()[pair]] = time;
        times[links.dst()[pair]] = time;
      }
      return Optional.of(times);
    }
  }
}
