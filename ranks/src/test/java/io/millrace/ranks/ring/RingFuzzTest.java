package io.millrace.ranks.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.ring.Frame.Kind;
import io.millrace.ranks.ring.Neighbours.Operation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a rank makes of anything that a neighbour, or a stranger, may send: damaged bytes, greetings
 * that were changed on their way, and frames whose checksum is right and whose content is not. A
 * mutant is a function of its number, which a failure names.
 */
class RingFuzzTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int FLOATS = 100;
  private static final long[] EXTREMES = {
    -1,
    0,
    1,
    2,
    3,
    4,
    127,
    255,
    1 << 18,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  @Test
  void bytesThatAreNoFrameAreRefused() {
    byte[] original = bytes(script());
    for (int number = 0; number < 1000; number++) {
      SplittableRandom random = new SplittableRandom(number);
      byte[] mutant = damaged(original, random);
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(mutant));
      ByteArrayOutputStream passed = new ByteArrayOutputStream();
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              passed.writeBytes(
                  bytes(List.of(Frame.read(in, new byte[Frame.HEADER + Frame.MAX_PAYLOAD]))));
            }
          });
      byte[] whole = Arrays.copyOf(original, passed.size()); // the frames before the damage
      assertArrayEquals(whole, passed.toByteArray(), "mutant=" + number);
    }
  }

  @Test
  void strangersAreTurnedAway() throws Exception {
    turnAway(100);
  }

  @Test
  @Tag("exhaustive")
  void manyStrangersAreTurnedAway() throws Exception {
    turnAway(1000);
  }

  @Test
  void framesOfOtherContentNameTheirSender() throws Exception {
    assertTrue(talk(40) > 10, "the frames are too good");
  }

  @Test
  @Tag("exhaustive")
  void manyFramesOfOtherContentNameTheirSender() throws Exception {
    assertTrue(talk(500) > 250, "the frames are too good");
  }

  // ---- greetings ----

  /** One of the two ends changes what it says; both must end with an exception. */
  private static void turnAway(int count) throws Exception {
    List<InetSocketAddress> addresses = List.of(RingGroup.loopback(), RingGroup.loopback());
    Handshake first =
        new Handshake(RingSettings.of(addresses, 0, RingGroup.SECRET), Handshake.STRANGER_NANOS);
    Handshake second =
        new Handshake(RingSettings.of(addresses, 1, RingGroup.SECRET), Handshake.STRANGER_NANOS);
    try (ServerSocket server = new ServerSocket()) {
      server.bind(RingGroup.loopback());
      for (int number = -1; number < count; number++) {
        SplittableRandom random = new SplittableRandom(number);
        UnaryOperator<byte[]> change = number < 0 ? it -> it : it -> damaged(it, random);
        boolean asker = number % 2 == 0;
        try (Socket there = new Socket(server.getInetAddress(), server.getLocalPort());
            Socket here = server.accept()) {
          CompletableFuture<Boolean> other =
              CompletableFuture.supplyAsync(
                  () ->
                      succeeds(
                          there,
                          () ->
                              second.connect(
                                  asker ? new Changed(there, change) : there,
                                  System.nanoTime() + Handshake.STRANGER_NANOS)));
          boolean one =
              succeeds(
                  here, () -> first.accept(asker ? here : new Changed(here, change), () -> {}));
          assertEquals(number < 0, one && other.get(), "mutant=" + number);
        }
      }
    }
    System.out.println("mutants of greetings tried: " + count);
  }

  @FunctionalInterface
  private interface Talk {
    void run() throws IOException;
  }

  /** Hangs up after a failure, as a rank does. */
  private static boolean succeeds(Socket socket, Talk talk) {
    try {
      talk.run();
      return true;
    } catch (IOException e) {
      try {
        socket.close();
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      return false;
    }
  }

  /** A socket that changes each message and then says nothing more. */
  private static final class Changed extends Socket {
    private final Socket socket;
    private final UnaryOperator<byte[]> change;

    Changed(Socket socket, UnaryOperator<byte[]> change) {
      this.socket = socket;
      this.change = change;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return socket.getInputStream();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
      socket.setSoTimeout(millis);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      OutputStream out = socket.getOutputStream();
      return new OutputStream() {
        @Override
        public void write(int b) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] message) throws IOException {
          byte[] changed = change.apply(message);
          out.write(changed);
          if (changed.length < message.length) {
            socket.shutdownOutput();
          }
        }
      };
    }
  }

  // ---- frames ----

  /** What rank 1 of two sends to rank 0, which gathers, folds and receives a broadcast. */
  private static List<Frame> script() {
    return List.of(
        data(Operation.GATHER, 0, 1, new byte[3]),
        Frame.control(Kind.BEAT, 1, 1, 1, 0, new byte[0]),
        data(Operation.FOLD, 1, 2, new byte[FLOATS * Float.BYTES]),
        data(Operation.BROADCAST, 0, 3, new byte[5]),
        Frame.control(Kind.BYE, 1, 0, 3, 0, new byte[0]));
  }

  private static Frame data(Operation kind, int item, long operation, byte[] payload) {
    return new Frame(
        Kind.DATA,
        kind.ordinal(),
        1,
        item,
        operation,
        0,
        payload.length,
        MemorySegment.ofArray(payload));
  }

  private static byte[] bytes(List<Frame> frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Frame frame : frames) {
      byte[] bytes = new byte[Frame.HEADER + (int) frame.payload().byteSize()];
      frame.write(bytes);
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  /** Returns how often a failure was reported. */
  private static int talk(int count) throws Exception {
    int failures = 0;
    for (int number = -1; number < count; number++) {
      List<Frame> frames = number < 0 ? script() : changed(new SplittableRandom(number));
      int patienceMillis = number < 0 ? 20_000 : 200;
      boolean failed = listen(bytes(frames), patienceMillis, "mutant=" + number + ": " + frames);
      assertFalse(failed && number < 0, "the script itself");
      failures += failed ? 1 : 0;
    }
    System.out.println("mutants of frames tried: " + count + ", refused: " + failures);
    return failures;
  }

  private static List<Frame> changed(SplittableRandom random) {
    List<Frame> frames = new ArrayList<>(script());
    int at = random.nextInt(frames.size());
    switch (random.nextInt(8)) {
      case 0 -> frames.remove(at);
      case 1 -> frames.add(at, frames.get(at));
      case 2 -> Collections.swap(frames, at, random.nextInt(frames.size()));
      case 3 -> frames.add(at, failure(random));
      default -> frames.set(at, changed(frames.get(at), random));
    }
    return frames;
  }

  private static Frame failure(SplittableRandom random) {
    byte[] reason = new byte[random.nextInt(200)];
    random.nextBytes(reason);
    return Frame.control(
        Kind.FAIL, (int) extreme(random), (int) extreme(random), 0, extreme(random), reason);
  }

  private static long extreme(SplittableRandom random) {
    return EXTREMES[random.nextInt(EXTREMES.length)];
  }

  private static Frame changed(Frame frame, SplittableRandom random) {
    int which = random.nextInt(8);
    long value = extreme(random);
    byte[] payload = new byte[random.nextInt(4) == 0 ? Frame.MAX_PAYLOAD : random.nextInt(500)];
    random.nextBytes(payload);
    return new Frame(
        which == 0 ? Kind.values()[random.nextInt(Kind.values().length)] : frame.kind(),
        which == 1 ? (int) value : frame.code(),
        which == 2 ? (int) value : frame.rank(),
        which == 3 ? (int) value : frame.item(),
        which == 4 ? value : frame.operation(),
        which == 5 ? value : frame.step(),
        which == 6 ? value : frame.total(),
        which == 7 ? MemorySegment.ofArray(payload) : frame.payload());
  }

  /** Runs rank 0 against what a socket says; whether it reported a failure, in one line. */
  private static boolean listen(byte[] talk, int patienceMillis, String what) throws Exception {
    List<InetSocketAddress> addresses = List.of(RingGroup.loopback(), RingGroup.loopback());
    RingSettings settings =
        RingSettings.of(addresses, 0, RingGroup.SECRET).withLimits(LIMIT, LIMIT, LIMIT);
    try (ServerSocket server = new ServerSocket();
        Arena arena = Arena.ofShared()) {
      server.bind(RingGroup.loopback());
      try (Socket next = new Socket(server.getInetAddress(), server.getLocalPort());
          Socket peerPrevious = server.accept();
          Socket peerNext = new Socket(server.getInetAddress(), server.getLocalPort());
          Socket previous = server.accept()) {
        CompletableFuture<Void> hangUp = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> discard(peerPrevious));
        Thread.ofPlatform().daemon().start(() -> say(peerNext, peerPrevious, talk, hangUp));
        hangUp.completeOnTimeout(null, patienceMillis, TimeUnit.MILLISECONDS);
        try (RingCollective rank =
            RingCollective.of(settings.place(), SocketWire.of(next), SocketWire.of(previous))) {
          assertEquals(3, rank.allGather(new byte[3]).get(1).length, what);
          rank.foldInOrder(List.of(), arena.allocate(FLOATS * Float.BYTES, Float.BYTES));
          assertEquals(5, rank.broadcast(new byte[0], 1).length, what);
          return false;
        } catch (RankFailedException e) {
          boolean line = e.getMessage().codePoints().noneMatch(Character::isISOControl);
          assertTrue(line && e.getMessage().length() < 2200, what + ": " + e.getMessage());
          return true;
        } finally {
          hangUp.complete(null);
        }
      }
    }
  }

  private static void discard(Socket socket) {
    try {
      socket.getInputStream().skip(Long.MAX_VALUE);
    } catch (IOException e) {
      // closed
    }
  }

  /** Says it, and hangs up when rank 0 is done or waits for more. */
  private static void say(
      Socket next, Socket previous, byte[] talk, CompletableFuture<Void> hangUp) {
    try (previous) {
      next.getOutputStream().write(talk);
      hangUp.join();
      next.shutdownOutput();
    } catch (IOException e) {
      // the rank has closed it
    }
  }

  // ---- damage ----

  private static byte[] damaged(byte[] bytes, SplittableRandom random) {
    byte[] changed = bytes.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(3)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> changed = Arrays.copyOf(bytes, at);
      default -> {
        byte[] noise = new byte[1 + random.nextInt(16)];
        random.nextBytes(noise);
        for (int i = 0; i < noise.length && at + i < changed.length; i++) {
          changed[at + i] = noise[i];
        }
        changed[at] = (byte) ~bytes[at];
      }
    }
    return changed;
  }
}
