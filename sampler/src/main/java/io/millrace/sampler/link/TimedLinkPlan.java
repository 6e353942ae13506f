package io.millrace.sampler.link;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.links.TimedLinks;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.draw.BatchRandom;
import io.millrace.sampler.draw.ExcludedRanks;
import java.util.Arrays;
import java.util.Optional;

/**
 * Batches whose seeds are the ends of events, each at the time of its event, and negatives at the
 * same time: the event's source with another destination. All threads share it.
 *
 * <p>A negative is drawn uniformly from the nodes that have been a destination before that time,
 * because a model would tell the others by their having no neighbours. A former partner of the
 * source may be one, but not its partner at that very time, in whichever direction.
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

  /** The ends of all events, the smaller id first; those of the same time are ascending. */
  private final long[] ends;

  /** The destinations of all events in the order of their first one. */
  private final int[] destinations;

  /** How many of the destinations come before each positive. */
  private final int[] numCandidates;

  private final LatestBatches<Batches> latest = new LatestBatches<>(Batches::new);

  private TimedLinkPlan(
      TimedLinks positives,
      int perPositive,
      TimedLinks all,
      long[] ends,
      int[] destinations,
      int[] numCandidates) {
    this.positives = positives;
    this.perPositive = perPositive;
    this.all = all;
    this.ends = ends;
    this.destinations = destinations;
    this.numCandidates = numCandidates;
  }

  /**
   * @param positives events to learn, or to be judged by
   * @param perPositive negatives of each
   * @param all events of the graph
   * @param numNodes of the graph
   * @throws BadInputException if there are no positives, or none can have a negative
   */
  public static TimedLinkPlan of(
      TimedLinks positives, int perPositive, TimedLinks all, int numNodes) {
    Require.positive("negatives", perPositive);
    if (positives.size() == 0) {
      throw BadInputException.of("there are no links to learn", "events", all.size());
    }
    boolean[] seen = new boolean[numNodes];
    int[] destinations = new int[numNodes];
    int[] numCandidates = new int[positives.size()];
    int size = 0;
    int event = 0;
    for (int i = 0; i < positives.size(); i++) {
      for (int end = all.countBefore(positives.times()[i]); event < end; event++) {
        int dst = all.dst()[event];
        if (!seen[dst]) {
          seen[dst] = true;
          destinations[size++] = dst;
        }
      }
      numCandidates[i] = size;
    }
    if (size == 0) {
      throw BadInputException.of(
          "negatives need destinations of earlier events, and all are at the same time",
          "events",
          positives.size(),
          "time",
          positives.times()[0]);
    }
    return new TimedLinkPlan(
        positives, perPositive, all, ends(all), Arrays.copyOf(destinations, size), numCandidates);
  }

  private static long[] ends(TimedLinks all) {
    long[] ends = new long[all.size()];
    Arrays.setAll(ends, i -> ends(all.src()[i], all.dst()[i]));
    for (int from = 0; from < ends.length; ) {
      int to = all.countUntil(all.times()[from]);
      Arrays.sort(ends, from, to);
      from = to;
    }
    return ends;
  }

  private static long ends(int src, int dst) {
    return (long) Math.min(src, dst) << Integer.SIZE | Math.max(src, dst);
  }

  /** The number of positives: an {@link EpochPlan} for {@link #batches} has the ids below it. */
  public int size() {
    return positives.size();
  }

  /**
   * The batches of an epoch: the same object while the same epoch is asked for, so that the
   * negatives of a batch are drawn once.
   *
   * @param epoch whose seeds are indices of the positives
   */
  public LinkBatches batches(EpochPlan.Epoch epoch) {
    return latest.of(epoch);
  }

  /** A destination for the source of an event; {@link #NONE} if no other is allowed. */
  private int negative(long key, int q, int event) {
    int count = numCandidates[event];
    if (count == 0) {
      return NONE;
    }
    for (int c = 0; c < TRIES; c++) {
      int dst = destinations[BatchRandom.bounded(key, q * COUNTERS + c, count)];
      if (isAllowed(event, dst)) {
        return dst;
      }
    }
    int[] allowed =
        Arrays.stream(destinations, 0, count).filter(it -> isAllowed(event, it)).toArray();
    return allowed.length == 0
        ? NONE
        : allowed[BatchRandom.bounded(key, q * COUNTERS + TRIES, allowed.length)];
  }

  /** Whether there is no event between the source and it at the time of the event. */
  private boolean isAllowed(int event, int dst) {
    int src = positives.src()[event];
    long time = positives.times()[event];
    int from = all.countBefore(time);
    int to = all.countUntil(time);
    return dst != src && Arrays.binarySearch(ends, from, to, ends(src, dst)) < 0;
  }

  private final class Batches implements LinkBatches {
    private final EpochPlan.Epoch epoch;
    private final RecentLinks recent = new RecentLinks(this::draw);

    private Batches(EpochPlan.Epoch epoch) {
      this.epoch = epoch;
    }

    @Override
    public EpochPlan.Epoch epoch() {
      return epoch;
    }

    @Override
    public LinkSeeds links(int batch) {
      return recent.get(batch);
    }

    private LinkSeeds draw(int batch) {
      int[] events = epoch.seeds(batch);
      PairCollector pairs =
          new PairCollector(ends(events), Math.multiplyExact(events.length, perPositive), 1);
      long key = BatchRandom.key(epoch.batchSeed(batch), NEGATIVES);
      for (int i = 0; i < events.length; i++) {
        long pairKey = BatchRandom.key(key, i);
        for (int q = 0; q < perPositive; q++) {
          int node = negative(pairKey, q, events[i]);
          if (node != NONE) {
            pairs.add(i, i, pairs.seed(node));
          }
        }
      }
      return pairs.seeds();
    }

    /** Sources, then destinations. */
    private int[] ends(int[] events) {
      int[] ends = new int[2 * events.length];
      for (int i = 0; i < events.length; i++) {
        ends[i] = positives.src()[events[i]];
        ends[events.length + i] = positives.dst()[events[i]];
      }
      return ends;
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

    @Override
    public void exclude(int batch, ExcludedRanks excluded) {
      excluded.clear();
    }
  }
}
