package io.millrace.ranks.ring;

import io.millrace.BadInputException;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.TlsSockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The port of a rank, from before the ring is made until it stands.
 *
 * <p>It is bound first and joined later, so that ranks on one machine can take any free port and
 * tell each other. Strangers may connect: they are turned away without harm.
 */
public final class RingListener implements AutoCloseable {
  /** Connections that are looked at together. */
  private static final int MAX_UNKNOWN = 32;

  private static final int CONNECT_MILLIS = 2000;
  private static final long PAUSE_MILLIS = 50;

  /** A rank whose own neighbours have come waits a little longer, to hear who is missing. */
  private static final long OTHERS_NANOS = 5_000_000_000L;

  private final ServerSocket server;
  private volatile String lastStranger = "";

  private RingListener(ServerSocket server) {
    this.server = server;
  }

  /**
   * Takes a port.
   *
   * @param address of the interface that the previous rank can reach, and nothing wider; port 0
   *     takes any that is free
   * @throws BadInputException if it cannot be taken
   */
  public static RingListener bind(InetSocketAddress address) {
    try {
      ServerSocket server = new ServerSocket();
      try {
        server.setReuseAddress(true);
        server.bind(address, MAX_UNKNOWN);
        return new RingListener(server);
      } catch (Throwable t) {
        server.close();
        throw t;
      }
    } catch (IOException e) {
      throw new BadInputException(
          "a rank cannot listen: address=" + address + ", cause=" + e.getMessage(), e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /**
   * Waits for the neighbours and makes the ring; this listener is closed then.
   *
   * @throws BadInputException if a neighbour means another ring
   * @throws RankFailedException if a rank does not come in time
   */
  public RingCollective join(RingSettings settings) {
    if (settings.size() == 1) {
      close();
      return RingCollective.alone(settings.place());
    }
    long until = System.nanoTime() + settings.joinLimit().toNanos();
    CompletableFuture<Socket> previous = new CompletableFuture<>();
    start("millrace-ring-listener", () -> listen(settings, previous));
    Socket next = null;
    try {
      next = connect(settings, previous, until);
      Socket accepted = previous(settings, previous, until);
      close();
      RingCollective ring = joined(settings, next, accepted);
      try {
        long left = Math.max(0, until - System.nanoTime());
        ring.barrier(Duration.ofNanos(left + OTHERS_NANOS));
        return ring;
      } catch (Throwable t) {
        ring.close();
        throw t;
      }
    } catch (Throwable t) {
      tell(next, settings, t);
      if (!previous.cancel(false) && !previous.isCompletedExceptionally()) {
        tell(previous.join(), settings, t);
      }
      throw t;
    } finally {
      previous.cancel(false);
      close();
    }
  }

  private static RingCollective joined(RingSettings settings, Socket next, Socket previous) {
    try {
      return RingCollective.of(settings.place(), SocketWire.of(next), SocketWire.of(previous));
    } catch (IOException e) {
      throw new RankFailedException(settings.next(), 0, RankFailedException.reason(e));
    }
  }

  /** A virtual thread would wait for other code of the process that holds all carriers. */
  private static void start(String name, Runnable body) {
    Thread.ofPlatform().daemon().name(name).start(body);
  }

  private void listen(RingSettings settings, CompletableFuture<Socket> previous) {
    Set<Socket> unknown = Collections.synchronizedSet(new LinkedHashSet<>());
    try {
      while (!previous.isDone()) {
        Socket socket = server.accept();
        makeRoom(unknown);
        unknown.add(socket);
        start(
            "millrace-ring-admission",
            () -> {
              try {
                admit(socket, settings, unknown, previous);
              } finally {
                unknown.remove(socket);
              }
            });
      }
    } catch (IOException e) {
      // closed
    } finally {
      List.copyOf(unknown).forEach(RingListener::close); // ends their threads
    }
  }

  /** A rank answers at once, so the connection that has said nothing for the longest must go. */
  private static void makeRoom(Set<Socket> unknown) {
    synchronized (unknown) {
      if (unknown.size() >= MAX_UNKNOWN) {
        Socket oldest = unknown.iterator().next();
        unknown.remove(oldest);
        close(oldest);
      }
    }
  }

  private void admit(
      Socket socket,
      RingSettings settings,
      Set<Socket> unknown,
      CompletableFuture<Socket> previous) {
    Socket open = socket;
    try {
      open = secured(socket, settings, false);
      handshake(settings).accept(open, () -> unknown.remove(socket)); // gives way to nobody now
      if (!previous.complete(open)) {
        close(open);
      }
    } catch (BadInputException e) { // knows the secret, so it is no stranger
      close(open);
      previous.completeExceptionally(e);
    } catch (IOException | RuntimeException e) {
      lastStranger = ", turned away=" + socket.getRemoteSocketAddress() + " " + e.getMessage();
      close(open);
    }
  }

  private static Socket connect(
      RingSettings settings, CompletableFuture<Socket> previous, long untilNanos) {
    String last = "";
    for (long pause = PAUSE_MILLIS; System.nanoTime() < untilNanos; pause = longer(pause)) {
      if (previous.isCompletedExceptionally()) {
        throw failure(previous);
      }
      Socket socket = new Socket();
      try {
        InetSocketAddress there = settings.addresses().get(settings.next());
        socket.connect(
            new InetSocketAddress(there.getHostString(), there.getPort()), CONNECT_MILLIS);
        Socket open = secured(socket, settings, true);
        handshake(settings).connect(open, untilNanos);
        return open;
      } catch (IOException e) {
        last = e.getMessage();
        close(socket);
        pause(pause);
      } catch (Throwable t) {
        close(socket);
        throw t;
      }
    }
    throw new RankFailedException(
        settings.next(),
        0,
        "it cannot be reached at "
            + settings.addresses().get(settings.next())
            + " within "
            + settings.joinLimit().toMillis()
            + " ms, "
            + last);
  }

  private static Handshake handshake(RingSettings settings) {
    return new Handshake(settings, Handshake.STRANGER_NANOS);
  }

  private static long longer(long pauseMillis) {
    return Math.min(1000, pauseMillis * 2);
  }

  private Socket previous(
      RingSettings settings, CompletableFuture<Socket> previous, long untilNanos) {
    try {
      return previous.get(Math.max(1, untilNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new RankFailedException(
          settings.previous(),
          0,
          "it has not joined within " + settings.joinLimit().toMillis() + " ms" + lastStranger);
    } catch (ExecutionException e) {
      throw failure(previous);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RankFailedException(settings.rank(), 0, "interrupted while it joined");
    }
  }

  private static RuntimeException failure(CompletableFuture<Socket> previous) {
    return previous.exceptionNow() instanceof RuntimeException e
        ? e
        : new IllegalStateException(previous.exceptionNow());
  }

  private static Socket secured(Socket socket, RingSettings settings, boolean isClient)
      throws IOException {
    return TlsSockets.secured(
        socket, settings.tls(), isClient, (int) (Handshake.STRANGER_NANOS / 1_000_000));
  }

  /** A neighbour that has joined already is told why this rank does not. */
  private static void tell(Socket socket, RingSettings settings, Throwable cause) {
    if (socket != null && !socket.isClosed()) {
      Frame frame = Frame.failure(settings.rank(), 0, cause);
      byte[] bytes = new byte[Frame.HEADER + (int) frame.payload().byteSize()];
      frame.write(bytes);
      try (socket) {
        socket.getOutputStream().write(bytes);
      } catch (IOException e) {
        // it will notice by itself
      }
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RankFailedException(-1, 0, "interrupted while it joined");
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it was never used
    }
  }

  /** Gives the port back; without effect on a ring that was joined. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
