package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.Internal;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Shortens many rows at a time to the edges that count by a {@link TimeRule}. Their searches go
 * step by step together: a step reads one time of every row that is not done, and these reads are
 * independent, so that their cache misses overlap.
 *
 * <p>A search reads where the limit would be if the times between those that it knows were evenly
 * spread (interpolation search), at first between the earliest and the latest time of the graph, so
 * that few reads miss the cache. Every other one of the later steps halves what is left, which
 * bounds the number of steps by about twice that of a binary search, however the times are spread.
 * What decides about a time is computed without a branch, which would be mispredicted every second
 * time and would then wait for the cache. One per sampler.
 */
@Internal
public final class TimeSearch {
  /** Steps before some only halve. */
  private static final int FREE_STEPS = 3;

  /** How many times are read to find out which times a graph has, about. */
  private static final int SAMPLES = 1 << 10;

  private final MemorySegment values;
  private final TimeRule rule;

  /** About the earliest and the latest time of the graph. */
  private final long earliest;

  private final long latest;

  /** The rows that are still searched, by index in the chunk. */
  private final int[] open;

  /** Per row: the edges below {@code low} are before the limit, those from {@code high} on not. */
  private final long[] low;

  private final long[] high;

  /** Per row: the times of the edges before {@code low} and at {@code high}, or about that. */
  private final long[] lowTimes;

  private final long[] highTimes;

  /** Per row: where the next time is read; by index in {@link #open}: that time. */
  private final long[] probes;

  private final long[] read;
  private final long[] limits;
  private final int[] firsts;

  /**
   * @param maxRows the most rows of a call
   */
  public TimeSearch(EdgeTimes times, TimeRule rule, int maxRows) {
    this.values = times.values();
    this.rule = rule;
    open = new int[maxRows];
    low = new long[maxRows];
    high = new long[maxRows];
    lowTimes = new long[maxRows];
    highTimes = new long[maxRows];
    probes = new long[maxRows];
    read = new long[maxRows];
    limits = new long[maxRows];
    firsts = new int[maxRows];
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    long numEdges = times.graph().numEdges();
    for (long position = 0; position < numEdges; position += numEdges / SAMPLES + 1) {
      least = Math.min(least, times.time(position));
      most = Math.max(most, times.time(position));
    }
    earliest = least;
    latest = most;
  }

  /**
   * Shortens rows.
   *
   * @param entryTimes of the nodes; those from {@code begin} to {@code end} are used
   * @param starts positions of their first edges, from index 0 on, which change
   * @param lengths numbers of their edges, which change
   */
  public void narrow(long[] entryTimes, int begin, int end, long[] starts, long[] lengths) {
    int count = end - begin;
    for (int i = 0; i < count; i++) {
      long rowEnd = starts[i] + lengths[i];
      boolean unlimited = entryTimes[begin + i] == TimeRule.NO_LIMIT;
      limits[i] = rule.until() ? entryTimes[begin + i] + 1 : entryTimes[begin + i];
      low[i] = unlimited ? rowEnd : starts[i];
      high[i] = rowEnd;
    }
    search(count);
    for (int i = 0; i < count; i++) {
      lengths[i] = low[i] - starts[i];
    }
    if (rule.window().isEmpty()) {
      return; // all firsts are 0
    }
    for (int i = 0; i < count; i++) {
      limits[i] = rule.from(entryTimes[begin + i]);
      high[i] = low[i];
      low[i] = starts[i];
    }
    search(count);
    for (int i = 0; i < count; i++) {
      firsts[i] = (int) (low[i] - starts[i]);
      starts[i] = low[i];
      lengths[i] -= firsts[i];
    }
  }

  /** The ranks that the rows' first edges have in the whole rows, after {@link #narrow}. */
  public int[] firsts() {
    return firsts;
  }

  private void search(int count) {
    Arrays.fill(lowTimes, 0, count, earliest);
    Arrays.fill(highTimes, 0, count, latest);
    int numOpen = 0;
    for (int i = 0; i < count; i++) {
      probes[i] = interpolate(i);
      open[numOpen] = i;
      numOpen += (int) (low[i] - high[i] >>> 63);
    }
    for (int step = 1; numOpen > 0; step++) {
      readProbes(numOpen);
      numOpen = narrowOpen(numOpen, step >= FREE_STEPS && (step & 1) != 0);
    }
  }

  private void readProbes(int numOpen) {
    final MemorySegment values = this.values;
    final int[] open = this.open;
    final long[] probes = this.probes;
    final long[] read = this.read;
    for (int at = 0; at < numOpen; at++) {
      read[at] = values.getAtIndex(JAVA_LONG, probes[open[at]]);
    }
  }

  /**
   * Takes the times that were read into account.
   *
   * @param halve whether the next step halves what is left
   * @return how many rows are still open
   */
  private int narrowOpen(int numOpen, boolean halve) {
    final int[] open = this.open;
    final long[] low = this.low;
    final long[] high = this.high;
    int left = 0;
    for (int at = 0; at < numOpen; at++) {
      int i = open[at];
      long time = read[at];
      long probe = probes[i];
      long before = less(time, limits[i]);
      low[i] += probe + 1 - low[i] & before;
      high[i] += probe - high[i] & ~before;
      lowTimes[i] ^= (lowTimes[i] ^ time) & before;
      highTimes[i] ^= (highTimes[i] ^ time) & ~before;
      probes[i] = halve ? low[i] + high[i] >>> 1 : interpolate(i);
      open[left] = i;
      left += (int) (low[i] - high[i] >>> 63);
    }
    return left;
  }

  /** All bits set if {@code a < b}, without a branch. */
  private static long less(long a, long b) {
    return (a & ~b | ~(a ^ b) & a - b) >> 63;
  }

  /** Where a row's limit lies if the times in between are evenly spread; within the open part. */
  private long interpolate(int i) {
    double before = (double) limits[i] - lowTimes[i];
    double all = (double) highTimes[i] - lowTimes[i];
    long guess = low[i] + (long) ((high[i] - low[i]) * (before / all)); // 0 for NaN
    return Math.max(low[i], Math.min(guess, high[i] - 1));
  }
}
