package io.millrace.ranks.rows;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ranks.InProcessCollective;
import io.millrace.ranks.KeyProof;
import io.millrace.ranks.RankFailedException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of 24 bytes: rank, id, and their sum. */
class RowExchangeTest {
  private static final int ROW_BYTES = 24;
  private static final int NUM_ROWS = 50_000;
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final List<RowExchange> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(RowExchange::close);
  }

  private static RowSource source(int rank) {
    return (ids, count, out) -> {
      for (int i = 0; i < count; i++) {
        if (ids[i] >= NUM_ROWS) {
          throw new IllegalArgumentException("no such row: id=" + ids[i]);
        }
        out.setAtIndex(JAVA_LONG, 3L * i, rank);
        out.setAtIndex(JAVA_LONG, 3L * i + 1, ids[i]);
        out.setAtIndex(JAVA_LONG, 3L * i + 2, rank + ids[i]);
      }
    };
  }

  private List<RowExchange> join(int size, Duration limit, RowSource... sources) {
    return join(size, Optional.empty(), limit, sources);
  }

  private List<RowExchange> join(
      int size, Optional<SSLContext> tls, Duration limit, RowSource... sources) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<RowExchange>> all =
          InProcessCollective.group(size, Duration.ofSeconds(20)).stream()
              .map(
                  rank ->
                      CompletableFuture.supplyAsync(
                          () -> {
                            int r = rank.rank();
                            RowSource own = r < sources.length ? sources[r] : source(r);
                            return RowExchange.of(rank, HERE, tls, own, ROW_BYTES, limit);
                          },
                          threads))
              .toList();
      all.forEach(it -> open.add(it.join()));
    }
    return open;
  }

  private static void assertRow(MemorySegment out, int place, int owner, int id) {
    assertEquals(owner, out.getAtIndex(JAVA_LONG, 3L * place));
    assertEquals(id, out.getAtIndex(JAVA_LONG, 3L * place + 1));
    assertEquals(owner + id, out.getAtIndex(JAVA_LONG, 3L * place + 2));
  }

  @Test
  void rowsOfAllOwnersComeToTheirPlaces() {
    List<RowExchange> ranks = join(3, Duration.ofSeconds(20));
    Random random = new Random(1);
    int count = 30_000;
    MemorySegment out = Arena.ofAuto().allocate((long) count * ROW_BYTES * 2, 8);
    int[][] ids = new int[2][count];
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int half = 0; half < 2; half++) {
      int[] places = new int[count];
      for (int i = 0; i < count; i++) {
        ids[half][i] = random.nextInt(NUM_ROWS);
        places[i] = 2 * i + half;
      }
      all.add(ranks.getFirst().fetch(1 + half, ids[half], places, out));
    }
    all.forEach(CompletableFuture::join);
    for (int i = 0; i < count; i++) {
      assertRow(out, 2 * i, 1, ids[0][i]);
      assertRow(out, 2 * i + 1, 2, ids[1][i]);
    }
    assertTrue(ranks.getFirst().bytesReceived() > 2L * count * ROW_BYTES);
  }

  /** The JDK has no other way to make a certificate. */
  private static SSLContext newContext(Path folder) throws Exception {
    Path store = folder.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair", "-keyalg", "EC"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", "a password"));
    command.addAll(List.of("-alias", "ranks", "-dname", "CN=ranks"));
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    char[] password = "a password".toCharArray();
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, password);
    TrustManagerFactory others =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    others.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), others.getTrustManagers(), null);
    return context;
  }

  @Test
  @Tag("exhaustive")
  void rowsAreEncryptedAndAnotherLanguageIsRefused(@TempDir Path folder) throws Exception {
    Optional<SSLContext> tls = Optional.of(newContext(folder));
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    RowSource slow =
        (ids, count, out) -> {
          asked.countDown();
          await(goesOn);
          source(1).gather(ids, count, out);
        };
    RowExchange ranks = join(2, tls, Duration.ofSeconds(60), source(0), slow).getFirst();
    int count = 30_000; // more than one record of TLS
    MemorySegment out = Arena.ofAuto().allocate((long) count * ROW_BYTES, 8);
    int[] ids = IntStream.range(0, count).toArray();
    CompletableFuture<Void> rows = ranks.fetch(1, ids, ids, out);
    await(asked);
    Thread.sleep(2 * RowConnection.CHECK_MILLIS); // it looks at its limit meanwhile
    goesOn.countDown();
    rows.join();
    for (int i = 0; i < count; i++) {
      assertRow(out, i, 1, i);
    }

    byte[] key = KeyProof.nonce();
    RowGreeting secured = new RowGreeting(key, 1, tls);
    RowGreeting plain = new RowGreeting(key, 1, Optional.empty());
    try (RowServer server = new RowServer(HERE, source(1), ROW_BYTES, secured, 2)) {
      RankFailedException e =
          assertThrows(
              RankFailedException.class,
              () ->
                  new RowConnection(server.address(), 0, plain, ROW_BYTES, Duration.ofSeconds(9)));
      assertEquals(1, e.rank());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RankFailedException failure(CompletableFuture<Void> rows) {
    CompletionException e = assertThrows(CompletionException.class, rows::join);
    return (RankFailedException) e.getCause();
  }

  private static CompletableFuture<Void> one(RowExchange from, int id) {
    return from.fetch(1, new int[] {id}, new int[] {0}, Arena.ofAuto().allocate(ROW_BYTES, 8));
  }

  @Test
  void anOwnerThatHasEndedIsNamedByAllThatWaitAndAllThatComeLater() {
    List<RowExchange> ranks = join(2, Duration.ofSeconds(20));
    one(ranks.getFirst(), 7).join();
    ranks.get(1).close();
    assertEquals(1, failure(one(ranks.getFirst(), 7)).rank());
    RankFailedException later = failure(one(ranks.getFirst(), 8));
    assertTrue(
        later.reason().startsWith("its feature rows can no longer be fetched, "), "" + later);
  }

  @Test
  void anOwnerThatDoesNotAnswerIsNamedWithinTheLimit() {
    CountDownLatch never = new CountDownLatch(1);
    RowSource stuck =
        (_, _, _) -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    List<RowExchange> ranks = join(2, Duration.ofMillis(300), source(0), stuck);
    RankFailedException failure = failure(one(ranks.getFirst(), 7));
    never.countDown();
    assertEquals(1, failure.rank());
    assertEquals(
        "its feature rows can no longer be fetched, it has not answered for 0.3 s",
        failure.reason());
  }

  @Test
  void aWrongIdIsRefusedWithTheOwnersReason() {
    List<RowExchange> ranks = join(2, Duration.ofSeconds(20));
    assertEquals(
        "its feature rows can no longer be fetched, it refuses: no such row: id=50000",
        failure(one(ranks.getFirst(), NUM_ROWS)).reason());
  }

  /** An owner that gives up while the greeting is under way resets the connection. */
  @Test
  void aGreetingThatIsResetIsTriedAgain() throws Exception {
    RowGreeting greeting = new RowGreeting(KeyProof.nonce(), 0, Optional.empty());
    try (ServerSocket owner = new ServerSocket(0, 2, HERE)) {
      CompletableFuture<Socket> second =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  Socket first = owner.accept();
                  first.setSoLinger(true, 0);
                  first.close();
                  return greeting.accept(owner.accept());
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      InetSocketAddress address = (InetSocketAddress) owner.getLocalSocketAddress();
      try (RowConnection _ =
          new RowConnection(address, 1, greeting, ROW_BYTES, Duration.ofSeconds(30))) {
        second.get(30, TimeUnit.SECONDS).close();
      }
    }
  }

  @Test
  void aStrangerGetsNothing() throws Exception {
    RowGreeting greeting = new RowGreeting(KeyProof.nonce(), 0, Optional.empty());
    try (RowServer server = new RowServer(HERE, source(0), ROW_BYTES, greeting, 2);
        Socket socket = new Socket(HERE, server.address().getPort())) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readFully(new byte[32]);
      socket.getOutputStream().write(new byte[4 + 32 + 32]);
      assertEquals(-1, in.read());
    }
  }
}
