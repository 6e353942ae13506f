package io.millrace.ranks;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Work of a collective that the ranks may give up together: bad input on a rank ends it on all of
 * them, and the collective stays intact for the next attempt.
 *
 * <p>Before each operation the ranks exchange whether they go on, which costs a gather of a few
 * bytes. A rank that {@link #fail fails} by a {@link BadInputException} takes part in one more such
 * exchange, so the others learn of it at their next operation; all of them must come to one. Every
 * other failure is one of the whole collective.
 *
 * <p>Thread-safe, as far as its operations come in the same order on all ranks. The collective
 * stays the caller's, who does not use it before the attempt is over on all ranks.
 */
@Internal
public final class Attempt implements Collective {
  private static final byte[] GOES_ON = {};

  private final Collective whole;
  private long step;
  private Optional<RankFailedException> failure = Optional.empty();

  /** All ranks make one together. */
  public Attempt(Collective whole) {
    this.whole = whole;
  }

  /** Why the ranks have given up, if they have: what the first rank that failed has thrown. */
  public synchronized Optional<RankFailedException> failure() {
    return failure;
  }

  @Override
  public int rank() {
    return whole.rank();
  }

  @Override
  public int size() {
    return whole.size();
  }

  /** Takes effect with the next operation, once all ranks go on. */
  @Override
  public synchronized void step(long number) {
    step = number;
  }

  @Override
  public synchronized void foldInOrder(List<MemorySegment> parts, MemorySegment sum) {
    requireAllGoOn();
    whole.foldInOrder(parts, sum);
  }

  @Override
  public synchronized void sum(MemorySegment values) {
    requireAllGoOn();
    whole.sum(values);
  }

  @Override
  public synchronized List<byte[]> allGather(byte[] own) {
    requireAllGoOn();
    return whole.allGather(own);
  }

  @Override
  public synchronized byte[] broadcast(byte[] value, int root) {
    requireAllGoOn();
    return whole.broadcast(value, root);
  }

  /** The limit counts from when all ranks have said that they go on. */
  @Override
  public synchronized void barrier(Duration limit) {
    requireAllGoOn();
    whole.barrier(limit);
  }

  private void requireAllGoOn() {
    if (failure.isEmpty()) {
      exchange(GOES_ON);
    }
    if (failure.isPresent()) {
      throw failure.get().again();
    }
    whole.step(step);
  }

  private void exchange(byte[] own) {
    List<byte[]> all = whole.allGather(own);
    for (int r = 0; r < all.size() && failure.isEmpty(); r++) {
      if (all.get(r).length > 0) {
        String reason = new String(all.get(r), StandardCharsets.UTF_8);
        failure = Optional.of(new RankFailedException(r, step, reason, true));
      }
    }
  }

  /** Bad input ends the attempt, everything else the collective. Waits for the other ranks. */
  @Override
  public synchronized void fail(Throwable cause) {
    if (failure.isPresent()) {
      return;
    }
    if (!(cause instanceof BadInputException)) {
      whole.fail(cause);
      return;
    }
    try {
      exchange(RankFailedException.reason(cause).getBytes(StandardCharsets.UTF_8));
    } catch (RankFailedException _) {
      // The whole has failed meanwhile: the next operation reports it.
    }
  }

  @Override
  public Traffic traffic() {
    return whole.traffic();
  }

  /** Ends nothing: the collective is the caller's. */
  @Override
  public void close() {}
}
