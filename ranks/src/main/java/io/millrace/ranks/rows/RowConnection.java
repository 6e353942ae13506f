package io.millrace.ranks.rows;

import io.millrace.ranks.RankFailedException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * The connection to a rank that has rows. A thread reads the answers and writes each row to where
 * it belongs. Owns the socket and the thread; {@link #fetch} may be called by any thread.
 */
final class RowConnection implements AutoCloseable {
  private static final int BUFFER = 1 << 18;
  static final int CHECK_MILLIS = 250;

  private static final long PAUSE_NANOS = 50_000_000L;

  /**
   * @param plain below TLS, because closing it waits for nothing
   * @param spoken what to read from and to write to
   */
  private record Greeted(Socket plain, Socket spoken) {}

  private record Pending(
      int[] places, MemorySegment out, CompletableFuture<Void> done, long sinceNanos) {}

  private final int owner;
  private final int rowBytes;
  private final Duration limit;
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final AtomicLong received = new AtomicLong();
  private final Thread reader;

  /** Requests without an answer, the oldest first; guarded by itself, as the next is. */
  private final Deque<Pending> pending = new ArrayDeque<>();

  private RankFailedException failure;

  /**
   * @throws RankFailedException if the owner cannot be reached
   */
  RowConnection(
      InetSocketAddress address, int rank, RowGreeting greeting, int rowBytes, Duration limit) {
    owner = greeting.owner();
    this.rowBytes = rowBytes;
    this.limit = limit;
    try {
      Greeted greeted = greeted(address, rank, greeting, limit);
      Socket spoken = greeted.spoken;
      socket = greeted.plain;
      in = new DataInputStream(new BufferedInputStream(spoken.getInputStream(), BUFFER));
      out = new DataOutputStream(new BufferedOutputStream(spoken.getOutputStream()));
    } catch (IOException e) {
      throw failed(e);
    }
    reader = Thread.ofPlatform().daemon().name("millrace-rows-from-" + owner).start(this::read);
  }

  /** On a loaded machine a greeting may take longer than the owner allows: it is tried again. */
  private static Greeted greeted(
      InetSocketAddress address, int rank, RowGreeting greeting, Duration limit)
      throws IOException {
    long begin = System.nanoTime();
    while (true) {
      Socket socket = new Socket();
      try {
        socket.connect(address, (int) limit.toMillis());
        socket.setTcpNoDelay(true);
        Socket spoken = greeting.connect(socket, rank);
        socket.setSoTimeout(CHECK_MILLIS);
        return new Greeted(socket, spoken);
      } catch (IOException e) {
        socket.close();
        if (!isLate(e) || System.nanoTime() - begin > limit.toNanos()) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /**
   * Whether one end has given up. An owner that closes a connection while the greeting is under way
   * resets it; one that refuses to connect has ended.
   */
  private static boolean isLate(IOException e) {
    return e instanceof SocketTimeoutException
        || e instanceof EOFException
        || e instanceof SocketException && !(e instanceof ConnectException);
  }

  private RankFailedException failed(Exception cause) {
    return new RankFailedException(
        owner,
        0,
        "its feature rows can no longer be fetched, " + RankFailedException.reason(cause));
  }

  long bytesReceived() {
    return received.get();
  }

  /** Does not throw: what goes wrong is in the result. */
  CompletableFuture<Void> fetch(int[] ids, int[] places, MemorySegment rows) {
    long[] sorted = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      sorted[i] = (long) ids[i] << Integer.SIZE | places[i];
    }
    Arrays.sort(sorted);
    int[] rising = new int[ids.length];
    int[] to = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      rising[i] = (int) (sorted[i] >>> Integer.SIZE);
      to[i] = (int) sorted[i];
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (out) { // requests are written in the order in which they wait
      synchronized (pending) {
        if (failure != null) {
          return CompletableFuture.failedFuture(failure);
        }
        pending.add(new Pending(to, rows, done, System.nanoTime()));
      }
      try {
        RowMessage.write(out, rising);
      } catch (IOException e) {
        end(e);
      }
    }
    return done;
  }

  private void read() {
    try {
      byte[] row = new byte[rowBytes];
      while (true) {
        awaitAnswer();
        socket.setSoTimeout((int) limit.toMillis()); // it has begun, so it goes on
        Pending oldest;
        synchronized (pending) {
          oldest = pending.peek();
        }
        readAnswer(oldest, row);
        synchronized (pending) {
          pending.remove();
        }
        oldest.done.complete(null);
        socket.setSoTimeout(CHECK_MILLIS);
      }
    } catch (IOException | RuntimeException e) {
      end(e);
    }
  }

  /** Returns when an answer begins. */
  private void awaitAnswer() throws IOException {
    while (true) {
      try {
        in.mark(1);
        if (in.read() < 0) {
          throw new EOFException("its process has ended or closed the connection");
        }
        in.reset();
        return;
      } catch (SocketTimeoutException e) {
        synchronized (pending) {
          Pending oldest = pending.peek();
          if (oldest != null && System.nanoTime() - oldest.sinceNanos > limit.toNanos()) {
            throw new SocketTimeoutException(
                "it has not answered for " + limit.toMillis() / 1e3 + " s");
          }
        }
      }
    }
  }

  private void readAnswer(Pending request, byte[] row) throws IOException {
    int magic = in.readInt();
    int kind = in.readInt();
    int length = in.readInt();
    if (magic != RowMessage.ANSWER || request == null) {
      throw new StreamCorruptedException("what arrived is not an answer");
    }
    if (kind != RowMessage.ROWS) {
      byte[] reason = in.readNBytes(Math.min(Math.max(0, length), RowMessage.MAX_MESSAGE));
      throw new IOException("it refuses: " + new String(reason, StandardCharsets.UTF_8));
    }
    if (length != request.places.length) {
      throw new StreamCorruptedException("answer has a wrong length: rows=" + length);
    }
    CRC32C crc = new CRC32C();
    for (int place : request.places) {
      in.readFully(row);
      crc.update(row);
      MemorySegment.copy(
          row, 0, request.out, ValueLayout.JAVA_BYTE, (long) place * rowBytes, rowBytes);
    }
    if (in.readInt() != (int) crc.getValue()) {
      throw new StreamCorruptedException("answer has a wrong checksum");
    }
    received.addAndGet((long) length * rowBytes + 4L * Integer.BYTES);
  }

  /** All that wait and all later requests fail; by the reader alone nothing is written any more. */
  private void end(Exception cause) {
    closeSocket();
    if (Thread.currentThread() != reader) {
      return; // the reader notices it
    }
    RankFailedException first;
    Deque<Pending> waiting;
    synchronized (pending) {
      if (failure == null) {
        failure = failed(cause);
      }
      first = failure;
      waiting = new ArrayDeque<>(pending);
      pending.clear();
    }
    waiting.forEach(it -> it.done.completeExceptionally(first));
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is of no more use
    }
  }

  /** Requests that wait fail. */
  @Override
  public void close() {
    closeSocket();
  }
}
