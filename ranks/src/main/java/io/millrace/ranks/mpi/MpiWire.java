package io.millrace.ranks.mpi;

import io.millrace.ranks.ring.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection to another rank that is made of MPI's messages: each write is one, and one without
 * bytes is the end. Messages between two ranks keep their order.
 *
 * <p>A reading and a writing thread, and any that closes it. Its two buffers are never freed,
 * because MPI may still use them when the training has failed.
 */
final class MpiWire implements Wire {
  private static final long SHORTEST_PAUSE = 20_000;
  private static final long LONGEST_PAUSE = 1_000_000;

  /** While nothing comes for so long, pauses are short. */
  private static final long SHORT_FOR = 2_000_000;

  private final int peer;
  private final int sendTag;
  private final int receiveTag;
  private final MpiLibrary.Request sending;
  private final MpiLibrary.Request receiving;
  private final MemorySegment outgoing;
  private final MemorySegment incoming;
  private volatile boolean closed;
  private volatile boolean readToEnd;
  private volatile boolean wroteEnd;

  /**
   * @param maxMessage the most bytes of a write
   */
  MpiWire(MpiLibrary library, int peer, int sendTag, int receiveTag, int maxMessage) {
    this.peer = peer;
    this.sendTag = sendTag;
    this.receiveTag = receiveTag;
    sending = library.newRequest();
    receiving = library.newRequest();
    outgoing = Arena.global().allocate(maxMessage);
    incoming = Arena.global().allocate(maxMessage);
  }

  /** Whether nothing is under way, so that MPI may be left. */
  boolean endedInOrder() {
    return readToEnd && wroteEnd;
  }

  @Override
  public InputStream in() {
    return new Messages();
  }

  /** The bytes of one message after the other. */
  private final class Messages extends InputStream {
    private long at;
    private long length;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      if (at == length && !readToEnd) {
        at = 0;
        length = receive();
        readToEnd = length == 0;
      }
      if (readToEnd) {
        return -1;
      }
      int part = (int) Math.min(count, length - at);
      MemorySegment.copy(incoming, at, MemorySegment.ofArray(to), offset, part);
      at += part;
      return part;
    }
  }

  private int receive() throws IOException {
    receiving.receive(incoming, peer, receiveTag);
    Pauses pauses = new Pauses();
    int length = receiving.received();
    while (length < 0) {
      pauses.next();
      length = receiving.received();
    }
    return length;
  }

  @Override
  public OutputStream out() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int count) throws IOException {
        if (count > 0) { // none would be the end
          MemorySegment.copy(MemorySegment.ofArray(from), offset, outgoing, 0, count);
          send(count);
        }
      }
    };
  }

  private void send(int length) throws IOException {
    sending.send(outgoing.asSlice(0, length), peer, sendTag);
    Pauses pauses = new Pauses();
    while (!sending.sent()) {
      pauses.next();
    }
  }

  /** Pauses between two questions to MPI; longer ones when it takes long. */
  private final class Pauses {
    private final long begin = System.nanoTime();

    void next() throws IOException {
      if (closed) {
        throw new IOException("the connection is closed");
      }
      long waited = System.nanoTime() - begin;
      LockSupport.parkNanos(
          waited < SHORT_FOR ? SHORTEST_PAUSE : Math.min(LONGEST_PAUSE, waited / 20));
    }
  }

  @Override
  public void endOutput() throws IOException {
    send(0);
    wroteEnd = true;
  }

  @Override
  public void close() {
    closed = true;
  }
}
