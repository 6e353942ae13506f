package io.millrace.ranks.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.RankThreads;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How ranks of a ring notice what happens to the others. */
class RingFailureTest {
  private static List<RingCollective> ring(int size, Duration silence, Duration operation) {
    return RingGroup.of(size, it -> it.withLimits(Duration.ofSeconds(20), silence, operation));
  }

  @Test
  void slowRankIsWaitedForLongerThanASilentOne() {
    List<RingCollective> ranks = ring(2, Duration.ofSeconds(3), Duration.ofSeconds(20));
    List<Throwable> failures =
        RankThreads.failures(
            ranks,
            rank -> {
              try (rank) {
                if (rank.rank() == 1) {
                  Thread.sleep(4000); // it lives, so its keeper says so
                }
                return rank.allGather(new byte[3]);
              }
            });
    assertNull(failures.get(0));
    assertNull(failures.get(1));
  }

  @Test
  void stuckRankIsNamedByAllThoughItLives() {
    List<RingCollective> ranks = ring(4, Duration.ofSeconds(10), Duration.ofMillis(400));
    List<Throwable> failures =
        RankThreads.failures(
            ranks,
            rank -> {
              try (rank) {
                rank.step(5);
                if (rank.rank() == 2) {
                  Thread.sleep(2000);
                }
                return rank.allGather(new byte[3]);
              }
            });
    for (Throwable failure : failures) {
      RankFailedException e = assertInstanceOf(RankFailedException.class, failure);
      assertEquals(2, e.rank(), e.getMessage());
      assertEquals(5, e.step());
    }
  }

  @Test
  void rankThatEndsEarlyIsNamed() {
    List<Throwable> failures =
        RankThreads.failures(
            ring(3, Duration.ofSeconds(10), Duration.ofSeconds(10)),
            rank -> {
              try (rank) {
                return rank.rank() == 1 ? null : rank.allGather(new byte[3]);
              }
            });
    for (int r : new int[] {0, 2}) {
      RankFailedException e = assertInstanceOf(RankFailedException.class, failures.get(r));
      assertEquals(1, e.rank(), e.getMessage());
      assertTrue(e.getMessage().endsWith("it has ended before the others"), e.getMessage());
    }
  }

  @Test
  void failureIsNoticedWhileARankComputes() throws Exception {
    List<Throwable> failures =
        RankThreads.failures(
            ring(2, Duration.ofSeconds(10), Duration.ofSeconds(10)),
            rank -> {
              try (rank) {
                if (rank.rank() == 1) {
                  rank.fail(new OutOfMemoryError("Java heap space"));
                } else {
                  Thread.sleep(1500);
                  rank.fail(new IllegalStateException("a later one"));
                }
                return rank.allGather(new byte[3]);
              }
            });
    for (Throwable failure : failures) {
      assertEquals(
          "a rank has failed: rank=1, step=0, cause=Java heap space", failure.getMessage());
    }
  }

  @Test
  void interruptedRankEndsAllWhileItWaitsForWhatItSends() {
    CountDownLatch ended = new CountDownLatch(1);
    List<Throwable> failures =
        RankThreads.failures(
            ring(2, Duration.ofSeconds(10), Duration.ofSeconds(10)),
            rank -> {
              try (rank) {
                if (rank.rank() == 0) {
                  Thread.currentThread().interrupt();
                  try {
                    return List.of(
                        rank.broadcast(new byte[1 << 26], 0)); // more than the system takes
                  } finally {
                    ended.countDown();
                  }
                }
                assertTrue(ended.await(30, TimeUnit.SECONDS)); // it takes nothing before
                return List.of(rank.broadcast(new byte[0], 0));
              }
            });
    for (Throwable failure : failures) {
      assertEquals("a rank has failed: rank=0, step=0, cause=interrupted", failure.getMessage());
    }
  }

  @Test
  void countsWhatItSends() {
    List<Long> sent =
        RankThreads.run(
            ring(2, Duration.ofSeconds(10), Duration.ofSeconds(10)),
            rank -> {
              try (rank) {
                rank.allGather(new byte[1_000_000]);
                return rank.traffic().bytesSent();
              }
            });
    for (long bytes : sent) {
      assertTrue(bytes >= 1_000_000 && bytes < 1_010_000, "bytes=" + bytes);
    }
  }

  /** A rank of the same ring that sends what it should not. */
  @Test
  void frameThatIsNotTheNextNamesWhoHasSentIt() throws IOException {
    List<InetSocketAddress> addresses = List.of(RingGroup.loopback(), RingGroup.loopback());
    try (ServerSocket server = new ServerSocket();
        Arena arena = Arena.ofShared()) {
      server.bind(RingGroup.loopback());
      Socket next = new Socket(server.getInetAddress(), server.getLocalPort());
      Socket itsPrevious = server.accept();
      Socket itsNext = new Socket(server.getInetAddress(), server.getLocalPort());
      Socket previous = server.accept();
      Neighbours other =
          Neighbours.of(
              RingSettings.of(addresses, 1, RingGroup.SECRET).place(),
              SocketWire.of(itsNext),
              SocketWire.of(itsPrevious));
      RingCollective ring =
          RingCollective.of(
              RingSettings.of(addresses, 0, RingGroup.SECRET).place(),
              SocketWire.of(next),
              SocketWire.of(previous));
      MemorySegment sum = arena.allocate(8, 8);
      other.begin();
      other.send(Neighbours.Operation.FOLD, 0, 8, MemorySegment.ofArray(new byte[8]));
      RankFailedException e =
          assertThrows(RankFailedException.class, () -> ring.foldInOrder(List.of(), sum));
      assertEquals(1, e.rank());
      assertEquals("a frame is not the one expected: item=0, expected=1, bytes=8", e.reason());
      other.close();
      ring.close();
    }
  }

  private static byte[] frame(int payload) {
    byte[] value = new byte[payload];
    Frame frame = new Frame(Frame.Kind.DATA, 1, 3, 4, 5, 6, 700, MemorySegment.ofArray(value));
    byte[] bytes = new byte[Frame.HEADER + payload];
    assertEquals(bytes.length, frame.write(bytes));
    return bytes;
  }

  private static Frame read(byte[] bytes) throws IOException {
    byte[] buffer = new byte[Frame.HEADER + Frame.MAX_PAYLOAD];
    return Frame.read(new DataInputStream(new ByteArrayInputStream(bytes)), buffer);
  }

  @Test
  void readsTheFrameThatWasWritten() throws IOException {
    Frame frame = read(frame(100));
    assertEquals(
        List.of(1, 3, 4, 5L, 6L, 700L, 100L),
        List.of(
            frame.code(),
            frame.rank(),
            frame.item(),
            frame.operation(),
            frame.step(),
            frame.total(),
            frame.payload().byteSize()));
  }

  @Test
  void everyDamagedBitOfAFrameIsNoticed() {
    for (int bit = 0; bit < (Frame.HEADER + 20) * 8; bit++) {
      byte[] bytes = frame(20);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(IOException.class, () -> read(bytes), "bit=" + bit);
    }
  }

  @Test
  void lengthsAreCheckedBeforeAnythingIsRead() {
    byte[] bytes = frame(20);
    bytes[40] = 0x7f; // 2 GB
    IOException e = assertThrows(IOException.class, () -> read(bytes));
    assertTrue(e.getMessage().startsWith("frame has a wrong length"), e.getMessage());
    bytes[40] = -1;
    assertThrows(IOException.class, () -> read(bytes));
  }

  @Test
  void cutFrameIsTheEndOfTheConnection() {
    assertThrows(EOFException.class, () -> read(Arrays.copyOf(frame(20), 60)));
  }
}
