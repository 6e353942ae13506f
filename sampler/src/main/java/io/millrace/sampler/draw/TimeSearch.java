package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.Internal;
import java.lang.foreign.MemorySegment;

/**
 * Shortens many rows at a time to the edges that count by a {@link TimeRule}. Their binary searches
 * go step by step together: a step reads one time of every row that is not done, and these reads
 * are independent, so that their cache misses overlap. One per sampler.
 */
@Internal
public final class TimeSearch {
  private final EdgeTimes times;
  private final TimeRule rule;

  /** The rows that are still searched, by index in the chunk. */
  private final int[] open;

  /** Per row: the edges below {@code low} are before the limit, those from {@code high} on not. */
  private final long[] low;

  private final long[] high;
  private final long[] limits;
  private final int[] firsts;

  /**
   * @param maxRows the most rows of a call
   */
  public TimeSearch(EdgeTimes times, TimeRule rule, int maxRows) {
    this.times = times;
    this.rule = rule;
    open = new int[maxRows];
    low = new long[maxRows];
    high = new long[maxRows];
    limits = new long[maxRows];
    firsts = new int[maxRows];
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
    final MemorySegment values = times.values();
    final int[] open = this.open;
    final long[] low = this.low;
    final long[] high = this.high;
    final long[] limits = this.limits;
    int numOpen = 0;
    for (int i = 0; i < count; i++) {
      open[numOpen] = i;
      numOpen += low[i] < high[i] ? 1 : 0;
    }
    while (numOpen > 0) {
      int left = 0;
      for (int at = 0; at < numOpen; at++) {
        int i = open[at];
        long middle = low[i] + high[i] >>> 1;
        boolean before = values.getAtIndex(JAVA_LONG, middle) < limits[i];
        long newLow = before ? middle + 1 : low[i];
        long newHigh = before ? high[i] : middle;
        low[i] = newLow;
        high[i] = newHigh;
        open[left] = i;
        left += newLow < newHigh ? 1 : 0;
      }
      numOpen = left;
    }
  }
}
