package io.millrace.ranks.ring;

import io.millrace.BadInputException;
import io.millrace.ranks.KeyProof;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How two neighbours prove to each other that they know the secret, and that they mean the same
 * ring.
 *
 * <pre>
 *   the one who accepts              the one who connects
 *   magic, nonce               -&gt;
 *                              &lt;-    magic, ranks, from, to, nonce, HMAC of all
 *   answer, ranks, rank, HMAC  -&gt;
 * </pre>
 *
 * <p>All messages have a fixed length, and nothing is allocated by what a stranger sends. The
 * nonces are new each time, so a recorded conversation is of no use.
 *
 * <p>Both ends must agree whether they have joined, also on a machine that is so loaded that a
 * greeting takes seconds. So the one who connects may give up and try again only until it has sent
 * its proof: from then on the other may have welcomed it, and it waits for the answer.
 *
 * @param strangerNanos how long a neighbour may take that has not proved yet who it is
 */
record Handshake(RingSettings settings, long strangerNanos) {
  /** How long strangers may take. */
  static final long STRANGER_NANOS = 3_000_000_000L;

  private static final byte[] MAGIC = "MRKRING1".getBytes(StandardCharsets.US_ASCII);
  private static final byte WELCOME = 1;
  private static final byte REFUSED = 2;

  /**
   * Checks that who has connected is the previous rank.
   *
   * @param proved is called when it has proved that it knows the secret, before it is welcomed
   * @throws BadInputException if it knows the secret, but means another ring
   * @throws IOException if it does not know the secret, or takes too long
   */
  void accept(Socket socket, Runnable proved) throws IOException {
    long until = System.nanoTime() + strangerNanos;
    byte[] mine = KeyProof.nonce();
    socket.getOutputStream().write(joined(MAGIC, mine));
    byte[] hello =
        read(socket, MAGIC.length + 3 * Integer.BYTES + KeyProof.NONCE + KeyProof.LENGTH, until);
    ByteBuffer fields = ByteBuffer.wrap(hello);
    requireMagic(fields);
    int size = fields.getInt();
    int from = fields.getInt();
    int to = fields.getInt();
    byte[] theirs = KeyProof.take(fields, KeyProof.NONCE);
    requireProof(
        KeyProof.take(fields, KeyProof.LENGTH),
        proof("join", numbers(size, from, to), mine, theirs));
    proved.run();
    boolean fits = size == settings.size() && from == settings.previous() && to == settings.rank();
    byte answer = fits ? WELCOME : REFUSED;
    byte[] values = numbers(answer, settings.size(), settings.rank());
    socket.getOutputStream().write(joined(values, proof("answer", values, theirs, mine)));
    if (!fits) {
      throw differs(size, "rank " + from + " to rank " + to);
    }
  }

  /**
   * Proves to the next rank who this is.
   *
   * @param untilNanos how long to wait for the answer to the proof
   * @throws BadInputException if it knows the secret, but means another ring
   * @throws IOException if it does not know the secret, or takes too long
   */
  void connect(Socket socket, long untilNanos) throws IOException {
    long limit = System.nanoTime() + strangerNanos;
    ByteBuffer greeting = ByteBuffer.wrap(read(socket, MAGIC.length + KeyProof.NONCE, limit));
    requireMagic(greeting);
    byte[] theirs = KeyProof.take(greeting, KeyProof.NONCE);
    byte[] mine = KeyProof.nonce();
    byte[] numbers = numbers(settings.size(), settings.rank(), settings.next());
    byte[] proof = proof("join", numbers, theirs, mine);
    socket.getOutputStream().write(joined(MAGIC, numbers, mine, proof));
    ByteBuffer answer =
        ByteBuffer.wrap(
            read(socket, 3 * Integer.BYTES + KeyProof.LENGTH, Math.max(limit, untilNanos)));
    byte[] values = KeyProof.take(answer, 3 * Integer.BYTES);
    requireProof(KeyProof.take(answer, KeyProof.LENGTH), proof("answer", values, mine, theirs));
    ByteBuffer fields = ByteBuffer.wrap(values);
    if (fields.getInt() != WELCOME) {
      int size = fields.getInt();
      throw differs(size, "rank " + fields.getInt());
    }
  }

  private BadInputException differs(int size, String where) {
    return BadInputException.of(
        "all ranks need the same list of addresses",
        "rank",
        settings.rank(),
        "ranks",
        settings.size(),
        "neighbour",
        where,
        "its ranks",
        size);
  }

  private byte[] proof(String role, byte[] numbers, byte[] first, byte[] second) {
    return new KeyProof(settings.secret().bytes()).of(role, numbers, first, second);
  }

  private static void requireProof(byte[] given, byte[] expected) throws IOException {
    KeyProof.require(given, expected, "the other end does not know the secret");
  }

  private static void requireMagic(ByteBuffer fields) throws IOException {
    if (!Arrays.equals(KeyProof.take(fields, MAGIC.length), MAGIC)) {
      throw new IOException("the other end is not a rank");
    }
  }

  /**
   * Waits for so many bytes, and not longer than until the given time; bytes that have arrived by
   * then are still read, because this process itself may have stood still.
   */
  private static byte[] read(Socket socket, int length, long untilNanos) throws IOException {
    byte[] bytes = new byte[length];
    InputStream in = socket.getInputStream();
    for (int have = 0; have < length; ) {
      long left = (untilNanos - System.nanoTime()) / 1_000_000;
      socket.setSoTimeout(Math.clamp(left, 1, Integer.MAX_VALUE));
      int count = read(in, bytes, have);
      if (count < 0) {
        throw new EOFException(
            "the other end has closed the connection; its secret may be another");
      }
      have += count;
    }
    return bytes;
  }

  private static int read(InputStream in, byte[] bytes, int from) throws IOException {
    try {
      return in.read(bytes, from, bytes.length - from);
    } catch (SocketTimeoutException _) {
      throw new SocketTimeoutException("the other end does not answer");
    }
  }

  private static byte[] numbers(int first, int second, int third) {
    return ByteBuffer.allocate(3 * Integer.BYTES)
        .putInt(first)
        .putInt(second)
        .putInt(third)
        .array();
  }

  private static byte[] joined(byte[]... parts) {
    int size = 0;
    for (byte[] part : parts) {
      size += part.length;
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }
}
