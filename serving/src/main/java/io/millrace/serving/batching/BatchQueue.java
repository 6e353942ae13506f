package io.millrace.serving.batching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * What waits to be computed: admits, orders by deadline, cuts batches, and drops what came too
 * late. All times are nanoseconds of any one clock.
 *
 * <p>One thread at a time. The next class to read is {@link AimdLimit}.
 *
 * @param <T> one unit of work
 */
public final class BatchQueue<T> {
  private record Item<T>(T value, long deadline, long sequence, long arrived) {}

  private final int maxItems;
  private final long maxDelay;
  private final AimdLimit limit;
  private final ServiceTime serviceTime = new ServiceTime();
  private final AdmissionMargin margin = new AdmissionMargin();
  private final PriorityQueue<Item<T>> items =
      new PriorityQueue<>(
          Comparator.<Item<T>>comparingLong(Item::deadline).thenComparingLong(Item::sequence));
  private long sequence;
  private final List<Long> runningDeadlines = new ArrayList<>();
  private long runningSince;
  private int numExpired;

  /**
   * @param maxItems the most that may wait
   * @param maxDelay how long a batch that is not full waits for company
   * @param limit of a batch
   */
  public BatchQueue(int maxItems, long maxDelay, AimdLimit limit) {
    this.maxItems = maxItems;
    this.maxDelay = maxDelay;
    this.limit = limit;
  }

  /**
   * Whether work that arrives would be done in time. When nothing else is to be done it is always
   * taken, because what is known of the time may no longer hold.
   *
   * @param more how much it is
   * @return empty if it may be added; otherwise how long it would wait
   */
  public OptionalLong refusal(int more, long deadline, long now) {
    long wait = (long) estimate(items.size() + more, now);
    boolean idle = items.isEmpty() && runningDeadlines.isEmpty();
    boolean inTime = idle || wait <= margin.share() * (deadline - now);
    boolean fits = items.size() + more <= maxItems && inTime;
    return fits ? OptionalLong.empty() : OptionalLong.of(wait);
  }

  /**
   * How long it takes to do so much, the batch that is computed included. The last batch is taken
   * to be no smaller than that one, because others will join it. A batch that is overdue is
   * expected to take as long again as it is overdue, because pauses are of all lengths.
   */
  private double estimate(int count, long now) {
    int most = limit.limit();
    int running = runningDeadlines.size();
    double rest = running == 0 ? 0 : Math.abs(serviceTime.of(running) - (now - runningSince));
    int remainder = count % most;
    return rest
        + (double) (count / most) * serviceTime.of(most)
        + (remainder == 0 ? 0 : serviceTime.of(Math.min(most, Math.max(remainder, running))));
  }

  /** Adds one unit. */
  public void add(T value, long deadline, long now) {
    items.add(new Item<>(value, deadline, sequence++, now));
  }

  /** When the next batch may begin, which may be in the past; empty if nothing waits. */
  public OptionalLong readyAt() {
    if (items.isEmpty()) {
      return OptionalLong.empty();
    }
    long arrived = items.peek().arrived;
    return OptionalLong.of(items.size() >= limit.limit() ? arrived : arrived + maxDelay);
  }

  /**
   * Takes a batch out, the earliest deadlines first. What would be late by the time it is computed
   * is left out. If that is all there is, one unit is computed: the estimate may be wrong.
   *
   * @param expired receives what is too late, which must not be computed
   * @return what to compute; empty if all was too late
   */
  public List<T> take(long now, List<T> expired) {
    List<Item<T>> batch = new ArrayList<>();
    long takes = (long) serviceTime.of(Math.min(items.size(), limit.limit()));
    List<Item<T>> tooLong = new ArrayList<>();
    int before = expired.size();
    while (!items.isEmpty() && batch.size() < limit.limit()) {
      Item<T> item = items.poll();
      long left = item.deadline - now;
      if (left <= 0) {
        expired.add(item.value);
      } else {
        (left < takes ? tooLong : batch).add(item);
      }
    }
    if (batch.isEmpty() && !tooLong.isEmpty()) {
      batch.add(tooLong.removeLast());
    }
    tooLong.forEach(item -> expired.add(item.value));
    numExpired += expired.size() - before;
    batch.forEach(item -> runningDeadlines.add(item.deadline));
    runningSince = now;
    return batch.stream().map(Item::value).toList();
  }

  /**
   * Takes note that the batch is done.
   *
   * @param objective how long it should have taken at most
   */
  public void finished(long now, long objective) {
    int size = runningDeadlines.size();
    long nanos = serviceTime.add(size, now - runningSince);
    limit.finished(size, nanos, objective);
    int late = (int) runningDeadlines.stream().filter(it -> it < now).count();
    margin.finished(size + numExpired, late + numExpired);
    numExpired = 0;
    runningDeadlines.clear();
  }

  /** How much waits. */
  public int size() {
    return items.size();
  }

  /** The largest batch at present. */
  public int limit() {
    return limit.limit();
  }
}
