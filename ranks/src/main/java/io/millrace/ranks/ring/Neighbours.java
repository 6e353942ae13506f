package io.millrace.ranks.ring;

import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.Traffic;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * What a rank exchanges with the next and the previous one: the frames of an operation, signs of
 * life, and failures.
 *
 * <p>Every rank sends signs of life. So a neighbour that computes for long is waited for, up to the
 * limit of an operation, and one that is dead is noticed within the limit of silence, also while
 * this rank computes. Signs of life say whether a rank waits, so only a rank that does not is
 * reported as stuck. A failure travels in both directions to all ranks, with its cause; every wait
 * ends with it.
 *
 * <p>Owns the connections. Threads as those of {@link RingCollective}.
 */
final class Neighbours {
  private static final long TELL_NANOS = 1_000_000_000L;
  private static final long BEAT_NANOS = 1_000_000_000L;
  private static final long BLAME_NANOS = 5 * BEAT_NANOS;
  private static final String ENDED = "it has ended before the others";

  /** What the ranks do together; the code of its frames is its position. */
  enum Operation {
    FOLD,
    GATHER,
    BROADCAST,
    SUM
  }

  private final RingPlace place;
  private final int rank;
  private final Optional<Link> next;
  private final Optional<Link> previous;
  private final Optional<Thread> keeper;
  private final AtomicReference<RankFailedException> failure = new AtomicReference<>();
  private volatile long operation;
  private volatile long step;
  private volatile boolean waiting;
  private volatile boolean closed;
  private volatile long limitNanos;
  private long waitNanos;

  private Neighbours(RingPlace place, Optional<Wire> toNext, Optional<Wire> toPrevious)
      throws IOException {
    this.place = place;
    rank = place.rank();
    limitNanos = place.operationLimit().toNanos();
    String name = "millrace-ring-" + rank;
    Link.Listener listener = new Failures();
    next =
        toNext.isEmpty()
            ? Optional.empty()
            : Optional.of(new Link(toNext.get(), place.next(), name + "-next", listener));
    previous =
        toPrevious.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Link(toPrevious.get(), place.previous(), name + "-previous", listener));
    keeper =
        next.map(_ -> Thread.ofPlatform().daemon().name(name + "-keeper").unstarted(this::keep));
  }

  /** A ring of one rank, without a connection. */
  static Neighbours alone(RingPlace place) {
    try {
      return new Neighbours(place, Optional.empty(), Optional.empty());
    } catch (IOException e) {
      throw new IllegalStateException(e); // there is no wire
    }
  }

  /** Takes over connections whose other ends have proved who they are. */
  static Neighbours of(RingPlace place, Wire next, Wire previous) {
    try {
      Neighbours ring = new Neighbours(place, Optional.of(next), Optional.of(previous));
      ring.links().forEach(Link::start);
      ring.keeper.ifPresent(Thread::start);
      return ring;
    } catch (IOException e) {
      throw new RankFailedException(place.next(), 0, RankFailedException.reason(e));
    }
  }

  /** The step that frames and failures name from now on. */
  void step(long number) {
    step = number;
  }

  /** How long an operation waits from now on. */
  void limit(Duration limit) {
    limitNanos = limit.toNanos();
  }

  // ---- frames of an operation ----

  /** Begins the next operation. */
  void begin() {
    requireIntact();
    operation++;
  }

  /** What was sent may change when the operation has ended, so it must be written by then. */
  void end() {
    if (next.isPresent() && !next.get().isWritten()) {
      long begin = startWaiting();
      while (!next.get().isWritten()) {
        requireIntact();
        requireInTime(begin, next.get());
        if (Thread.currentThread().isInterrupted()) {
          throw failed(rank, "interrupted");
        }
        LockSupport.parkNanos(20_000);
      }
      stopWaiting(begin);
    }
  }

  /** Queues a part of an operation's value, which stays unchanged until {@link #end}. */
  void send(Operation kind, int item, long total, MemorySegment payload) {
    requireIntact();
    if (next.get().ended()) {
      throw failed(next.get().peer(), ENDED);
    }
    next.get()
        .send(
            new Frame(
                Frame.Kind.DATA, kind.ordinal(), rank, item, operation, step, total, payload));
  }

  /**
   * Waits for the next frame of the operation.
   *
   * @param total what it must say of the size of the whole value; -1 for any size
   * @return to be given back by {@link #giveBack}
   */
  Frame receive(Operation kind, long total) {
    Link from = previous.get();
    long begin = startWaiting();
    try {
      while (true) {
        requireIntact();
        boolean ended = from.ended();
        Frame frame = from.poll();
        if (frame != null) {
          requireSame(frame, kind, total);
          return frame;
        }
        if (ended) {
          throw failed(from.peer(), ENDED);
        }
        requireInTime(begin, from);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(rank, "interrupted");
    } finally {
      stopWaiting(begin);
    }
  }

  /** The payload of a frame is no longer used. */
  void giveBack(Frame frame) {
    previous.get().giveBack(frame);
  }

  private long startWaiting() {
    waiting = true;
    return System.nanoTime();
  }

  private void stopWaiting(long beginNanos) {
    waiting = false;
    waitNanos += System.nanoTime() - beginNanos;
  }

  /** A peer that waits, too, is not to blame; it will itself say for whom. */
  private void requireInTime(long beginNanos, Link peer) {
    long limit = limitNanos;
    long waited = System.nanoTime() - beginNanos;
    if (waited > limit
        && (peer.peerIsBusy(beginNanos + limit) || waited > 2 * limit + BLAME_NANOS)) {
      throw failed(
          peer.peer(),
          "it lives, but has not come to where rank "
              + rank
              + " has waited for "
              + waited / 1_000_000
              + " ms");
    }
  }

  private void requireSame(Frame frame, Operation kind, long total) {
    if (frame.operation() != operation
        || frame.step() != step
        || frame.code() != kind.ordinal()
        || frame.rank() != place.previous()
        || total >= 0 && frame.total() != total) {
      throw failed(
          place.previous(),
          "ranks do not do the same: "
              + place(frame.code(), frame.operation(), frame.step(), frame.total())
              + ", but rank "
              + rank
              + " is at "
              + place(kind.ordinal(), operation, step, total));
    }
  }

  private static String place(int code, long operation, long step, long total) {
    Operation[] kinds = Operation.values();
    String kind = code >= 0 && code < kinds.length ? kinds[code].name() : String.valueOf(code);
    String bytes = total < 0 ? "" : ", " + total + " bytes";
    return "operation " + operation + " (" + kind + bytes + ") of step " + step;
  }

  /** Checks which part of the value has come. */
  void requireItem(Frame frame, int item, long length) {
    if (frame.item() != item || frame.payload().byteSize() != length) {
      throw failed(
          place.previous(),
          "a frame is not the one expected: item="
              + frame.item()
              + ", expected="
              + item
              + ", bytes="
              + frame.payload().byteSize());
    }
  }

  // ---- failures and signs of life ----

  private final class Failures implements Link.Listener {
    @Override
    public void failed(RankFailedException first) {
      Neighbours.this.report(first);
    }

    @Override
    public void lost(Link link, Exception cause) {
      if (!closed) {
        report(new RankFailedException(link.peer(), step, reason(link, cause)));
      }
    }

    private static String reason(Link link, Exception cause) {
      if (link.ended()) {
        return ENDED;
      }
      return cause instanceof EOFException
          ? "its process has ended or closed the connection"
          : "the connection is broken, " + RankFailedException.reason(cause);
    }
  }

  /** The first failure counts; it goes to both neighbours. */
  private void report(RankFailedException first) {
    if (failure.compareAndSet(null, first)) {
      links().forEach(it -> it.abortWith(Frame.failure(first.rank(), first.step(), first)));
    }
  }

  /** Reports a failure, and gives the first of all, to be thrown. */
  RankFailedException failed(int which, String reason) {
    report(new RankFailedException(which, step, reason));
    return present();
  }

  /** The failure, with the stack of the thread that meets it. */
  private RankFailedException present() {
    return failure.get().again();
  }

  private void requireIntact() {
    if (failure.get() != null) {
      throw present();
    }
    if (closed) {
      throw new IllegalStateException("the collective is closed");
    }
  }

  private void keep() {
    long silence = place.silenceLimit().toNanos();
    long interval = Math.max(10_000_000, Math.min(BEAT_NANOS, silence / 4));
    long last = System.nanoTime();
    while (!closed && failure.get() == null) {
      LockSupport.parkNanos(interval);
      long now = System.nanoTime();
      boolean stoodStill = now - last > interval + silence / 2; // stopped, or a long collection
      last = now;
      for (Link link : links()) {
        if (stoodStill) {
          link.forgiveSilence();
        }
        if (!link.ended()) {
          link.sendIfIdle(
              Frame.control(Frame.Kind.BEAT, rank, waiting ? 1 : 0, operation, step, new byte[0]));
          if (link.silentNanos() > silence) {
            report(
                new RankFailedException(
                    link.peer(),
                    step,
                    "no sign of life for "
                        + silence / 1_000_000
                        + " ms, it may hang or be cut off"));
          }
        }
      }
    }
  }

  private List<Link> links() {
    List<Link> links = new ArrayList<>();
    next.ifPresent(links::add);
    previous.ifPresent(links::add);
    return links;
  }

  /** As {@link io.millrace.ranks.Collective#fail}. */
  void fail(Throwable cause) {
    if (!closed) {
      report(RankFailedException.of(rank, step, cause));
      long until = System.nanoTime() + TELL_NANOS;
      links().forEach(it -> it.awaitWritten(until));
    }
  }

  /** What was sent and waited for so far. */
  Traffic traffic() {
    return new Traffic(
        operation,
        links().stream().mapToLong(Link::bytesSent).sum(),
        links().stream().mapToLong(Link::bytesReceived).sum(),
        waitNanos);
  }

  /** Waits a moment for the neighbours to end, too, so that they receive all that was sent. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    long until = System.nanoTime() + place.closeLimit().toNanos();
    if (failure.get() == null) {
      links()
          .forEach(
              it ->
                  it.endAfter(
                      Frame.control(Frame.Kind.BYE, rank, 0, operation, step, new byte[0])));
    }
    links().forEach(it -> it.close(until));
    keeper.ifPresent(LockSupport::unpark);
  }
}
