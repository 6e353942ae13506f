package io.millrace.ranks.ring;

import io.millrace.ranks.RankFailedException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connection to a neighbour in the ring.
 *
 * <p>A thread writes what is queued, so that a rank never waits for a neighbour that is itself
 * writing. Another reads; frames of operations wait in a short queue until the rank takes them.
 * Owns the wire.
 */
final class Link {
  private static final int INBOX = 8;
  private static final long POLL_MILLIS = 20;

  /** What a link reports to its ring; called by the link's threads. */
  interface Listener {
    /** A frame says that a rank has failed. */
    void failed(RankFailedException failure);

    /** The connection has ended, or what arrived is not a frame. */
    void lost(Link link, Exception cause);
  }

  private final Wire wire;
  private final int peer;
  private final Listener listener;
  private final BlockingQueue<Frame> inbox = new ArrayBlockingQueue<>(INBOX);
  private final LinkedBlockingDeque<Frame> outbox = new LinkedBlockingDeque<>();
  private final BlockingQueue<byte[]> buffers = new ArrayBlockingQueue<>(INBOX + 2);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong unwritten = new AtomicLong();
  private final Thread reader;
  private final Thread writer;
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean delivering;
  private volatile boolean ended;
  private volatile boolean stopping;
  private volatile Frame beat;
  private volatile long beatNanos;

  /**
   * @param wire to the peer, which has proved who it is
   */
  Link(Wire wire, int peer, String name, Listener listener) throws IOException {
    this.wire = wire;
    this.peer = peer;
    this.listener = listener;
    DataInputStream in = new DataInputStream(new BufferedInputStream(wire.in(), Frame.MAX_SIZE));
    OutputStream out = wire.out();
    reader = Thread.ofPlatform().daemon().name(name + "-reader").unstarted(() -> read(in));
    writer = Thread.ofPlatform().daemon().name(name + "-writer").unstarted(() -> write(out));
  }

  void start() {
    reader.start();
    writer.start();
  }

  /** The rank at the other end. */
  int peer() {
    return peer;
  }

  long bytesSent() {
    return sent.get();
  }

  long bytesReceived() {
    return received.get();
  }

  /** Whether the peer has said that it ends. */
  boolean ended() {
    return ended;
  }

  /** How long nothing has arrived; 0 while what has arrived still waits to be taken. */
  long silentNanos() {
    return delivering ? 0 : System.nanoTime() - heardNanos;
  }

  /** The silence begins again, because this process itself stood still. */
  void forgiveSilence() {
    heardNanos = System.nanoTime();
  }

  /** Whether the peer has said, after the given time, that it does not wait for others. */
  boolean peerIsBusy(long sinceNanos) {
    Frame latest = beat;
    return latest != null && beatNanos - sinceNanos > 0 && latest.item() == 0;
  }

  /** Queues a frame; its payload stays unchanged until {@link #isWritten}. */
  void send(Frame frame) {
    unwritten.incrementAndGet();
    outbox.add(frame);
  }

  /** Queues a sign of life unless other frames wait, which are one, too. */
  void sendIfIdle(Frame frame) {
    if (unwritten.get() == 0) {
      send(frame);
    }
  }

  /** Whether all that was queued is with the system. */
  boolean isWritten() {
    return unwritten.get() == 0;
  }

  /** The next frame of an operation, or null if there is none yet; waits for a moment. */
  Frame poll() throws InterruptedException {
    return inbox.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The payload of a frame is no longer used. */
  void giveBack(Frame frame) {
    frame.payload().heapBase().ifPresent(it -> buffers.offer((byte[]) it));
  }

  /** Sends a last frame after those that wait, and ends this direction of the connection. */
  void endAfter(Frame last) {
    send(last);
    stopping = true;
  }

  /** Sends a last frame as soon as the one under way is written. */
  void abortWith(Frame last) {
    outbox.clear();
    unwritten.set(0);
    endAfter(last);
  }

  /**
   * Waits until the last frame is sent and the peer has ended, too; then closes the wire.
   *
   * @param untilNanos when to close it in any case
   */
  void close(long untilNanos) {
    await(writer, untilNanos);
    await(reader, untilNanos);
    closeWire();
  }

  /** Waits until the last frame is sent, but not longer than until the given time. */
  void awaitWritten(long untilNanos) {
    await(writer, untilNanos);
  }

  /** Also on an interrupted thread: the others are told why, and that takes a moment. */
  private static void await(Thread thread, long untilNanos) {
    boolean interrupted = false;
    for (long left = untilNanos - System.nanoTime();
        left > 0 && thread.isAlive();
        left = untilNanos - System.nanoTime()) {
      try {
        thread.join(Math.max(1, left / 1_000_000));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeWire() {
    stopping = true;
    try {
      wire.close();
    } catch (IOException e) {
      // it is of no more use
    }
  }

  private void write(OutputStream out) {
    byte[] buffer = new byte[Frame.MAX_SIZE];
    Frame frame = null;
    try {
      while (true) {
        frame = outbox.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (frame != null) {
          int size = frame.write(buffer);
          out.write(buffer, 0, size);
          sent.addAndGet(size);
          unwritten.updateAndGet(it -> Math.max(0, it - 1));
        } else if (stopping) {
          wire.endOutput();
          return;
        }
      }
    } catch (IOException | RuntimeException e) {
      boolean missed = frame != null && frame.kind() == Frame.Kind.DATA; // the peer needed it
      if (!stopping && (!ended || missed)) {
        listener.lost(this, e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nothing interrupts it
    }
  }

  private void read(DataInputStream in) {
    try {
      while (true) {
        byte[] free = buffers.poll();
        byte[] buffer = free != null ? free : new byte[Frame.MAX_SIZE];
        Frame frame = Frame.read(in, buffer);
        heardNanos = System.nanoTime();
        received.addAndGet(Frame.HEADER + frame.payload().byteSize());
        take(frame);
      }
    } catch (IOException | RuntimeException e) {
      if (!ended && !stopping) {
        listener.lost(this, e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nothing interrupts it
    }
  }

  private void take(Frame frame) throws InterruptedException {
    switch (frame.kind()) {
      case DATA -> {
        delivering = true;
        while (!stopping && !inbox.offer(frame, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          // the rank computes: what more arrives stays with the system
        }
        heardNanos = System.nanoTime();
        delivering = false;
      }
      case BEAT -> {
        beatNanos = System.nanoTime();
        beat = frame;
        giveBack(frame);
      }
      case FAIL -> {
        RankFailedException failure = frame.failure();
        giveBack(frame);
        listener.failed(failure);
        ended = true; // last: who sees it looks for the failure that was before it
      }
      case BYE -> {
        giveBack(frame);
        ended = true;
      }
    }
  }
}
