package io.millrace.ranks.ring;

import io.millrace.ranks.Collective;
import io.millrace.ranks.FloatSums;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.Traffic;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Ranks that are processes, on one machine or on several, in a ring of TCP connections: each sends
 * to the next one and receives from the previous one.
 *
 * <p>A fold is a chain: rank 0 sends the sum of its parts, each rank adds its own, the last one has
 * the sum, which then travels round the ring. It goes in chunks, so all ranks add at the same time,
 * and no more is sent than by an all-reduce over a ring.
 *
 * <p>Every rank sends signs of life. So a neighbour that computes for long is waited for, up to the
 * limit of an operation, and one that is dead is noticed within the limit of silence, also while
 * this rank computes. Signs of life say whether a rank waits, so only a rank that does not is
 * reported as stuck. A failure travels in both directions to all ranks, with its cause.
 *
 * <p>Connections without TLS are checked against damage, but neither encrypted nor safe from
 * someone who can change packets: they belong on a network of one's own.
 */
public final class RingCollective implements Collective {
  private static final int CHUNK = Frame.MAX_PAYLOAD;
  private static final int MAX_VALUE = 1 << 30;
  private static final long CLOSE_NANOS = 2_000_000_000L;
  private static final long TELL_NANOS = 1_000_000_000L;
  private static final long BEAT_NANOS = 1_000_000_000L;
  private static final long BLAME_NANOS = 5 * BEAT_NANOS;
  private static final String ENDED = "it has ended before the others";

  /** What the ranks do together; the code of its frames is its position. */
  private enum Operation {
    FOLD,
    GATHER,
    BROADCAST
  }

  private final RingSettings settings;
  private final int rank;
  private final int size;
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

  private RingCollective(
      RingSettings settings, Optional<Socket> toNext, Optional<Socket> toPrevious)
      throws IOException {
    this.settings = settings;
    rank = settings.rank();
    size = settings.size();
    limitNanos = settings.operationLimit().toNanos();
    String name = "millrace-ring-" + rank;
    Link.Listener listener = new Failures();
    next =
        toNext.isEmpty()
            ? Optional.empty()
            : Optional.of(new Link(toNext.get(), settings.next(), name + "-next", listener));
    previous =
        toPrevious.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Link(toPrevious.get(), settings.previous(), name + "-previous", listener));
    keeper =
        next.map(_ -> Thread.ofPlatform().daemon().name(name + "-keeper").unstarted(this::keep));
  }

  /** A ring of one rank, without a connection. */
  static RingCollective alone(RingSettings settings) {
    try {
      return new RingCollective(settings, Optional.empty(), Optional.empty());
    } catch (IOException e) {
      throw new IllegalStateException(e); // there is no socket
    }
  }

  /** Takes over connections whose other ends have proved who they are. */
  static RingCollective of(RingSettings settings, Socket next, Socket previous) {
    try {
      RingCollective ring = new RingCollective(settings, Optional.of(next), Optional.of(previous));
      ring.links().forEach(Link::start);
      ring.keeper.ifPresent(Thread::start);
      return ring;
    } catch (IOException e) {
      throw new RankFailedException(settings.next(), 0, RankFailedException.reason(e));
    }
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void step(long number) {
    step = number;
  }

  @Override
  public void foldInOrder(List<MemorySegment> parts, MemorySegment sum) {
    FloatSums.requireFit(parts, sum);
    begin();
    long bytes = sum.byteSize();
    int chunks = Math.toIntExact(Math.ceilDiv(bytes, CHUNK));
    boolean last = rank == size - 1;
    if (rank == 0) {
      for (int c = 0; c < chunks; c++) {
        MemorySegment chunk = chunk(sum, c);
        chunk.fill((byte) 0);
        addOwn(parts, sum, c);
        if (size > 1) {
          send(Operation.FOLD, c, bytes, chunk);
        }
      }
    }
    int partial = rank == 0 ? chunks : 0;
    int complete = last ? chunks : 0;
    while (partial < chunks || complete < chunks) {
      Frame frame = receive(Operation.FOLD, bytes);
      boolean isComplete = frame.item() >= chunks; // those come after all of the chain
      int c = isComplete ? complete++ : partial++;
      MemorySegment chunk = chunk(sum, c);
      requireItem(frame, isComplete ? chunks + c : c, chunk.byteSize());
      chunk.copyFrom(frame.payload());
      if (!isComplete) {
        addOwn(parts, sum, c);
      }
      previous.get().giveBack(frame);
      if (!isComplete) {
        send(Operation.FOLD, last ? chunks + c : c, bytes, chunk);
      } else if (rank != size - 2) {
        send(Operation.FOLD, chunks + c, bytes, chunk);
      }
    }
    end();
  }

  private static MemorySegment chunk(MemorySegment value, int number) {
    long at = (long) number * CHUNK;
    return value.asSlice(at, Math.min(CHUNK, value.byteSize() - at));
  }

  private static void addOwn(List<MemorySegment> parts, MemorySegment sum, int number) {
    MemorySegment chunk = chunk(sum, number);
    parts.forEach(part -> FloatSums.add(chunk, chunk(part, number)));
  }

  @Override
  public List<byte[]> allGather(byte[] own) {
    requireSize(own.length);
    begin();
    byte[][] all = new byte[size][];
    all[rank] = own.clone();
    if (size > 1) {
      int sent = sendAll(Operation.GATHER, 0, all[rank]);
      int received = 0;
      for (int distance = 1; distance < size; distance++) {
        boolean passOn = distance < size - 1;
        Received value = receiveAll(Operation.GATHER, received, passOn ? sent : -1);
        all[Math.floorMod(rank - distance, size)] = value.bytes;
        received += value.frames;
        sent += value.frames;
      }
    }
    end();
    return List.of(all);
  }

  @Override
  public byte[] broadcast(byte[] value, int root) {
    if (root < 0 || root >= size) {
      throw new IllegalArgumentException("no such rank: root=" + root + ", ranks=" + size);
    }
    byte[] result;
    begin();
    if (rank == root) {
      requireSize(value.length);
      result = value.clone();
      if (size > 1) {
        sendAll(Operation.BROADCAST, 0, result);
      }
    } else {
      boolean passOn = settings.next() != root;
      result = receiveAll(Operation.BROADCAST, 0, passOn ? 0 : -1).bytes;
    }
    end();
    return result;
  }

  @Override
  public void barrier(Duration limit) {
    limitNanos = limit.toNanos();
    try {
      allGather(new byte[0]);
    } finally {
      limitNanos = settings.operationLimit().toNanos();
    }
  }

  private static void requireSize(long bytes) {
    if (bytes > MAX_VALUE) {
      throw new IllegalArgumentException("value is too large: bytes=" + bytes);
    }
  }

  /** Sends a value of any length in chunks, at least one; returns how many. */
  private int sendAll(Operation kind, int firstItem, byte[] value) {
    MemorySegment bytes = MemorySegment.ofArray(value);
    int chunks = Math.max(1, Math.ceilDiv(value.length, CHUNK));
    for (int c = 0; c < chunks; c++) {
      send(kind, firstItem + c, value.length, chunk(bytes, c));
    }
    return chunks;
  }

  private record Received(byte[] bytes, int frames) {}

  /**
   * Receives a value of any length.
   *
   * @param passOnAs the number of its first frame for the next rank, or -1 to keep it
   */
  private Received receiveAll(Operation kind, int firstItem, int passOnAs) {
    byte[] value = null;
    int chunks = 1;
    for (int c = 0; c < chunks; c++) {
      Frame frame = receive(kind, value == null ? -1 : value.length);
      if (value == null) {
        if (frame.total() < 0 || frame.total() > MAX_VALUE) {
          throw failed(frame.rank(), "its value is too large: bytes=" + frame.total());
        }
        value = new byte[(int) frame.total()];
        chunks = Math.max(1, Math.ceilDiv(value.length, CHUNK));
      }
      MemorySegment chunk = chunk(MemorySegment.ofArray(value), c);
      requireItem(frame, firstItem + c, chunk.byteSize());
      chunk.copyFrom(frame.payload());
      previous.get().giveBack(frame);
      if (passOnAs >= 0) {
        send(kind, passOnAs + c, value.length, chunk);
      }
    }
    return new Received(value, chunks);
  }

  // ---- frames of an operation ----

  private void begin() {
    requireIntact();
    operation++;
  }

  /** What was sent may change when the operation has ended, so it must be written by then. */
  private void end() {
    if (next.isPresent() && !next.get().isWritten()) {
      long begin = startWaiting();
      while (!next.get().isWritten()) {
        requireIntact();
        requireInTime(begin, next.get());
        LockSupport.parkNanos(20_000);
      }
      stopWaiting(begin);
    }
  }

  private void send(Operation kind, int item, long total, MemorySegment payload) {
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
   */
  private Frame receive(Operation kind, long total) {
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
        || frame.rank() != settings.previous()
        || total >= 0 && frame.total() != total) {
      throw failed(
          settings.previous(),
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

  private void requireItem(Frame frame, int item, long length) {
    if (frame.item() != item || frame.payload().byteSize() != length) {
      throw failed(
          settings.previous(),
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
      RingCollective.this.report(first);
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
      links().forEach(it -> it.abortWith(failure(first.rank(), first.step(), first)));
    }
  }

  static Frame failure(int rank, long step, Throwable cause) {
    boolean known = cause instanceof RankFailedException;
    byte[] reason = RankFailedException.reason(cause).getBytes(StandardCharsets.UTF_8);
    return Frame.control(
        Frame.Kind.FAIL,
        known ? ((RankFailedException) cause).rank() : rank,
        0,
        0,
        step,
        Arrays.copyOf(reason, Math.min(reason.length, Frame.MAX_PAYLOAD)));
  }

  private RankFailedException failed(int which, String reason) {
    report(new RankFailedException(which, step, reason));
    return present();
  }

  /** The failure, with the stack of the thread that meets it. */
  private RankFailedException present() {
    RankFailedException first = failure.get();
    return new RankFailedException(first.rank(), first.step(), first.reason());
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
    long silence = settings.silenceLimit().toNanos();
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

  @Override
  public void fail(Throwable cause) {
    if (!closed) {
      RankFailedException own =
          cause instanceof RankFailedException known
              ? known
              : new RankFailedException(rank, step, RankFailedException.reason(cause));
      report(own);
      long until = System.nanoTime() + TELL_NANOS;
      links().forEach(it -> it.awaitWritten(until));
    }
  }

  @Override
  public Traffic traffic() {
    return new Traffic(
        operation,
        links().stream().mapToLong(Link::bytesSent).sum(),
        links().stream().mapToLong(Link::bytesReceived).sum(),
        waitNanos);
  }

  /** Waits a moment for the neighbours to end, too, so that they receive all that was sent. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    long until = System.nanoTime() + CLOSE_NANOS;
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
