package io.millrace.ranks.params;

import io.millrace.ranks.Collective;
import io.millrace.ranks.RankFailedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Parameters that ranks change together, each with its own copy: what they push in the iterations
 * of one clock is added up over all ranks, in their order, and an {@link Updater} moves the
 * parameters by each sum, in the order of the clocks.
 *
 * <pre>
 *   while (...) {
 *     store.pull();        // waits until the bound permits to begin
 *     store.push(...);     // any number of parts
 *     store.clock();       // ends the iteration; the sum is made while the next one computes
 *   }
 *   store.sync();          // now all ranks have the same parameters
 * </pre>
 *
 * <p>With a bound {@code s}, {@link #pull} in iteration {@code c} gives the parameters after at
 * least {@code c - s} iterations of all, counted from the last {@link #sync} at the earliest:
 * exactly so many if reads are pinned, all that are complete if they are fresh. With the bound 0 it
 * is the same as adding up in every step.
 *
 * <p>The collective stays the caller's, and must not be used otherwise between the first {@link
 * #clock} after a {@link #sync} and the next {@link #sync}. All ranks call {@link #clock} and
 * {@link #sync} equally often. Used by one thread.
 */
public final class ParamStore implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  /** Moves the parameters of this rank. */
  @FunctionalInterface
  public interface Updater {
    /**
     * @param clock whose iterations the sum is of
     * @param sum float32; valid during the call
     */
    void update(long clock, MemorySegment sum);
  }

  /** The clock of this rank. */
  private static final int OWN = 0;

  /** The clock of all ranks together: how many rounds are complete. */
  private static final int ALL = 1;

  private final int rank;
  private final long bytes;
  private final Staleness staleness;
  private final Updater updater;
  private final Exchange exchange;
  private final List<MemorySegment> pushed = new ArrayList<>();
  private final Deque<MemorySegment> freeSums = new ArrayDeque<>();
  private long step;
  private long version;
  private long waitNanos;

  // guarded by this
  private final WorkerClocks clocks;
  private final Deque<Round> underWay = new ArrayDeque<>();
  private RuntimeException failure;

  ParamStore(
      int rank,
      long bytes,
      Staleness staleness,
      Updater updater,
      Function<Exchange.Listener, Exchange> exchange) {
    this.rank = rank;
    this.bytes = bytes;
    this.staleness = staleness;
    this.updater = updater;
    clocks = new WorkerClocks(2, staleness.bound());
    this.exchange = exchange.apply(new Rounds());
  }

  /**
   * A store of one rank; every rank makes one, with the same size and staleness.
   *
   * @param bytes of a part and of a sum
   * @param updater is called by {@link #pull} and {@link #sync}, in their thread
   */
  public static ParamStore of(Collective ranks, long bytes, Staleness staleness, Updater updater) {
    return new ParamStore(
        ranks.rank(),
        bytes,
        staleness,
        updater,
        listener ->
            staleness.isStale()
                ? new FoldThread(ranks, listener)
                : new Exchange.Waiting(ranks, listener));
  }

  /** What the exchange reports, from its own thread. */
  private final class Rounds implements Exchange.Listener {
    @Override
    public void completed(Round round) {
      synchronized (ParamStore.this) {
        clocks.tick(ALL);
        ParamStore.this.notifyAll();
      }
    }

    @Override
    public void failed(RuntimeException cause) {
      synchronized (ParamStore.this) {
        failure = cause;
        ParamStore.this.notifyAll();
      }
    }
  }

  /** Says which step of the training the present iteration is, for messages. */
  public void step(long number) {
    step = number;
  }

  /**
   * Adds a part to the present iteration's, after those that were pushed before.
   *
   * @param part float32, as large as a sum; unchanged until the updater has been called with this
   *     clock
   */
  public void push(MemorySegment part) {
    pushed.add(part);
  }

  /**
   * Ends the present iteration: what was pushed is on its way to all ranks.
   *
   * @return the number of the next iteration
   * @throws RankFailedException if a rank has failed
   */
  public long clock() {
    MemorySegment sum =
        freeSums.isEmpty() ? Arena.ofAuto().allocate(bytes, ALIGNMENT) : freeSums.pop();
    Round round;
    synchronized (this) {
      round = new Round(clocks.of(OWN), step, List.copyOf(pushed), sum);
      underWay.add(round);
      clocks.tick(OWN);
    }
    pushed.clear();
    exchange.submit(round);
    return round.clock() + 1;
  }

  /** Whether {@link #pull} returns without waiting for another rank. */
  synchronized boolean mayPull() {
    return clocks.mayBegin(OWN);
  }

  /**
   * Waits until the bound permits to begin the present iteration, and moves the parameters to the
   * version that it reads.
   *
   * @return the version: how many clocks the parameters have been moved by
   * @throws RankFailedException if a rank has failed
   */
  public long pull() {
    long oldest;
    long newest;
    synchronized (this) {
      await(() -> clocks.mayBegin(OWN));
      oldest = clocks.oldest(OWN);
      newest = clocks.of(ALL);
    }
    return moveTo(staleness.read() == Staleness.Read.PINNED ? oldest : newest);
  }

  /**
   * Waits until all ranks have ended as many iterations as this one, and moves the parameters by
   * all of them, so that they are the same on all ranks.
   *
   * @return as {@link #pull}
   * @throws RankFailedException if a rank has failed
   */
  public long sync() {
    long ended = clocks.of(OWN); // this thread alone moves it
    synchronized (this) {
      await(() -> clocks.of(ALL) == ended);
    }
    return moveTo(ended);
  }

  /** Time that this rank has waited in {@link #pull} and {@link #sync}. */
  public long waitNanos() {
    return waitNanos;
  }

  /** Holds the lock. */
  private void await(BooleanSupplier condition) {
    long begin = System.nanoTime();
    while (failure == null && !condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RankFailedException(rank, step, "interrupted");
      }
    }
    waitNanos += System.nanoTime() - begin;
    if (failure != null) {
      throw failure;
    }
  }

  private long moveTo(long target) {
    while (version < target) {
      Round round;
      synchronized (this) {
        round = underWay.pop();
      }
      updater.update(round.clock(), round.sum());
      freeSums.push(round.sum());
      version++;
    }
    return version;
  }

  /** Ends this rank's part; iterations that were not {@link #sync synchronized} are lost. */
  @Override
  public void close() {
    exchange.close();
  }
}
