package io.millrace.ranks.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.RankThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who may join a ring, and what a rank reports that cannot. */
class RingJoinTest {
  private static final Duration SHORT = Duration.ofMillis(700);

  private static RingSettings soon(RingSettings settings) {
    return settings.withLimits(SHORT, settings.silenceLimit(), settings.operationLimit());
  }

  @Test
  void strangersDoNoHarm() throws Exception {
    List<RingListener> listeners = RingGroup.listeners(2);
    List<Socket> strangers = new ArrayList<>();
    InetSocketAddress port = listeners.getFirst().address();
    for (int s = 0; s < 20; s++) {
      Socket stranger = new Socket(port.getAddress(), port.getPort());
      strangers.add(stranger);
      byte[] noise = new byte[s * 1000];
      new Random(s).nextBytes(noise);
      stranger.getOutputStream().write(noise); // some say nothing, and none leaves
    }
    List<Integer> sizes =
        RankThreads.run(
            List.of(0, 1),
            rank -> {
              try (RingCollective ring =
                  listeners.get(rank).join(RingGroup.settings(listeners, rank))) {
                return ring.allGather(new byte[rank]).size();
              }
            });
    assertEquals(List.of(2, 2), sizes);
    for (Socket stranger : strangers) {
      requireEnded(stranger);
    }
  }

  /** A stranger is not kept once the ring stands. */
  private static void requireEnded(Socket stranger) throws IOException {
    try (stranger) {
      stranger.setSoTimeout(30_000);
      stranger.getInputStream().readAllBytes();
    } catch (SocketTimeoutException e) {
      throw new AssertionError("a stranger is still connected", e);
    } catch (SocketException _) { // reset, because its noise was not read
    }
  }

  /** Code of the same process may hold all carriers of virtual threads. */
  @Test
  void ranksJoinWhileNoVirtualThreadCanRun() throws Exception {
    int carriers =
        Integer.getInteger(
            "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
    AtomicBoolean released = new AtomicBoolean();
    CountDownLatch held = new CountDownLatch(carriers);
    try {
      for (int c = 0; c < carriers; c++) {
        Thread.ofVirtual().start(() -> holdCarrier(held, released));
      }
      assertTrue(held.await(30, TimeUnit.SECONDS));
      Thread waiting = Thread.ofVirtual().start(() -> {});
      List<RingCollective> ring = RingGroup.of(2);
      assertEquals(2, ring.size());
      assertTrue(waiting.isAlive(), "a carrier was free");
      ring.forEach(RingCollective::close);
    } finally {
      released.set(true);
    }
  }

  private static void holdCarrier(CountDownLatch held, AtomicBoolean released) {
    held.countDown();
    while (!released.get()) {
      Thread.onSpinWait();
    }
  }

  /** On a loaded machine either of two neighbours may stand still at any point of the greeting. */
  @Test
  void whoHasProvedItselfWaitsForTheWelcome() throws Exception {
    List<InetSocketAddress> addresses = List.of(RingGroup.loopback(), RingGroup.loopback());
    RingSettings first = RingSettings.of(addresses, 0, RingGroup.SECRET);
    RingSettings second = RingSettings.of(addresses, 1, RingGroup.SECRET);
    Duration patience = Duration.ofSeconds(60);
    try (ServerSocket server = new ServerSocket()) {
      server.bind(RingGroup.loopback());
      try (Socket there = new Socket(server.getInetAddress(), server.getLocalPort());
          Socket here = server.accept()) {
        CompletableFuture<Void> accepted =
            CompletableFuture.runAsync(
                () ->
                    accept(
                        new Handshake(first, patience.toNanos()),
                        here,
                        () -> LockSupport.parkNanos(20_000_000))); // beyond the limit of the other
        while (there.getInputStream().available() < 40) { // the greeting has arrived
          Thread.sleep(1);
        }
        new Handshake(second, 1).connect(there, System.nanoTime() + patience.toNanos());
        accepted.get(60, TimeUnit.SECONDS);
      }
    }
  }

  private static void accept(Handshake handshake, Socket socket, Runnable proved) {
    try {
      handshake.accept(socket, proved);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first connection to a neighbour is cut before it is welcomed; the next is not. */
  @Test
  void aGreetingThatIsCutIsTriedAgain() throws Exception {
    List<RingListener> listeners = RingGroup.listeners(2);
    RingListener real = listeners.get(1);
    try (ServerSocket between = new ServerSocket()) {
      between.bind(RingGroup.loopback());
      List<InetSocketAddress> addresses =
          List.of(
              listeners.getFirst().address(), (InetSocketAddress) between.getLocalSocketAddress());
      Thread.ofVirtual().start(() -> cutTheFirst(between, real.address()));
      List<Integer> sizes =
          RankThreads.run(
              List.of(0, 1),
              rank -> {
                RingSettings settings = RingGroup.settings(listeners, rank);
                RingSettings seen =
                    RingSettings.of(addresses, rank, RingGroup.SECRET)
                        .withLimits(
                            settings.joinLimit(),
                            settings.silenceLimit(),
                            settings.operationLimit());
                try (RingCollective ring = listeners.get(rank).join(seen)) {
                  return ring.allGather(new byte[rank]).size();
                }
              });
      assertEquals(List.of(2, 2), sizes);
    }
  }

  private static void cutTheFirst(ServerSocket between, InetSocketAddress real) {
    try {
      between.accept().close();
      Socket one = between.accept();
      Socket other = new Socket(real.getAddress(), real.getPort());
      Thread.ofVirtual().start(() -> passOn(one, other));
      passOn(other, one);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void passOn(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // the ring has ended
    }
  }

  @Test
  void anotherSecretIsTurnedAwayInTime() {
    List<RingListener> listeners = RingGroup.listeners(2);
    List<Throwable> failures =
        RankThreads.failures(
            List.of(0, 1),
            rank -> {
              RingSettings right = soon(RingGroup.settings(listeners, rank));
              RingSettings settings =
                  rank == 0
                      ? right
                      : new RingSettings(
                          right.addresses(),
                          rank,
                          new RingSettings.Secret("some other secret".getBytes()),
                          right.tls(),
                          right.joinLimit(),
                          right.silenceLimit(),
                          right.operationLimit());
              return listeners.get(rank).join(settings);
            });
    for (int rank = 0; rank < 2; rank++) {
      RankFailedException e = assertInstanceOf(RankFailedException.class, failures.get(rank));
      assertEquals(1 - rank, e.rank());
      assertTrue(e.getMessage().contains("secret"), e.getMessage());
    }
  }

  @Test
  void missingRankIsNamedByAll() {
    List<RingListener> listeners = RingGroup.listeners(4);
    listeners.get(2).close();
    List<Throwable> failures =
        RankThreads.failures(
            List.of(0, 1, 3),
            rank -> listeners.get(rank).join(soon(RingGroup.settings(listeners, rank))));
    for (Throwable failure : failures) {
      RankFailedException e = assertInstanceOf(RankFailedException.class, failure);
      assertEquals(2, e.rank(), e.getMessage());
    }
  }

  @Test
  void anotherNumberOfRanksIsNamed() {
    List<RingListener> listeners = RingGroup.listeners(3);
    List<Throwable> failures =
        RankThreads.failures(
            IntStream.range(0, 2).boxed().toList(),
            rank ->
                listeners
                    .get(rank)
                    .join(RingGroup.settings(listeners.subList(0, rank == 0 ? 2 : 3), rank)));
    BadInputException e = assertInstanceOf(BadInputException.class, failures.getFirst());
    assertTrue(
        e.getMessage().startsWith("all ranks need the same list of addresses: rank=0, ranks=2"),
        e.getMessage());
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    try (RingListener listener = RingListener.bind(RingGroup.loopback())) {
      BadInputException e =
          assertThrows(BadInputException.class, () -> RingListener.bind(listener.address()));
      assertTrue(e.getMessage().startsWith("a rank cannot listen: address="), e.getMessage());
    }
  }

  @Test
  void rejectsShortSecretsAndRanksWithoutAddress() {
    List<InetSocketAddress> one = List.of(RingGroup.loopback());
    assertThrows(BadInputException.class, () -> RingSettings.of(one, 0, new byte[15]));
    assertThrows(BadInputException.class, () -> RingSettings.of(one, 1, RingGroup.SECRET));
  }

  @Test
  void settingsDoNotShowTheSecret() {
    List<InetSocketAddress> one = List.of(RingGroup.loopback());
    String text = RingSettings.of(one, 0, RingGroup.SECRET).toString();
    assertTrue(text.contains("Secret[...]") && !text.contains("secret of the tests"), text);
  }
}
