package io.millrace.sampler.draw;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Which edges a node may use at a time: those before it. A value.
 *
 * @param until whether edges at that very time count, too. An edge that is to be predicted has the
 *     time of the prediction, so it would be seen
 * @param window how far back edges count: an edge at {@code time - window} is the first that does.
 *     All earlier ones count if empty
 * @param sources the time of a neighbour that an edge leads to
 */
public record TimeRule(boolean until, OptionalLong window, Sources sources) {
  /** No limit: every edge counts, also with a window. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  /** At which time a neighbour is looked at, for its own neighbours. */
  public enum Sources {
    /** At the time of the node whose neighbour it is, so at that of the seed. */
    SEED,
    /** At the time of the edge, so paths lead back in time (TGAT). */
    EDGE
  }

  /**
   * @throws BadInputException if the window is negative
   */
  public TimeRule {
    if (window.isPresent() && window.getAsLong() < 0) {
      throw BadInputException.of("need 0 or more", "window", window.getAsLong());
    }
  }

  /** Edges before the time, however old, the same for all hops: the default. */
  public static TimeRule before() {
    return new TimeRule(false, OptionalLong.empty(), Sources.SEED);
  }

  public TimeRule until(boolean value) {
    return new TimeRule(value, window, sources);
  }

  /** Edges from {@code time - value} on only. */
  public TimeRule window(long value) {
    return new TimeRule(until, OptionalLong.of(value), sources);
  }

  public TimeRule sources(Sources value) {
    return new TimeRule(until, window, value);
  }

  /** The first time of which edges count. */
  long from(long time) {
    if (window.isEmpty() || time == NO_LIMIT) {
      return Long.MIN_VALUE;
    }
    long from = time - window.getAsLong();
    boolean overflow = from > time;
    return overflow ? Long.MIN_VALUE : from;
  }

  /** The rank after the last edge of a row that counts. */
  private int end(EdgeTimes times, long start, int length, long time) {
    if (time == NO_LIMIT) {
      return length;
    }
    return times.countBefore(start, length, until ? time + 1 : time);
  }

  /** How many edges of a node count: its degree at that time. */
  public int degree(EdgeTimes times, int node, long time) {
    CsrGraph graph = times.graph();
    long start = graph.rowStart(node);
    int length = graph.degree(node);
    int end = end(times, start, length, time);
    return end - times.countBefore(start, end, from(time));
  }

  /** For example {@code "before, window=10, sources=edge"}: as checkpoints store it. */
  @Override
  public String toString() {
    return (until ? "until" : "before")
        + (window.isPresent() ? ", window=" + window.getAsLong() : "")
        + (sources == Sources.SEED ? "" : ", sources=" + sources.name().toLowerCase(Locale.ROOT));
  }
}
