package io.millrace.ranks.rows;

import io.millrace.ranks.KeyProof;
import io.millrace.ranks.TlsSockets;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How two ends prove to each other that they belong to the same exchange.
 *
 * <pre>
 *   the owner                     the one who asks
 *   nonce                   -&gt;
 *                           &lt;-    rank, nonce, HMAC of all
 *   HMAC of all             -&gt;
 * </pre>
 *
 * @param key that all ranks of the exchange know
 * @param owner the rank that answers
 * @param tls encrypts the connection, before the greeting
 */
record RowGreeting(byte[] key, int owner, Optional<SSLContext> tls) {
  private static final int LIMIT_MILLIS = 3000;

  /**
   * What the owner does.
   *
   * @return what to read from and to write to; the given socket closes it
   */
  Socket accept(Socket connected) throws IOException {
    Socket socket = TlsSockets.secured(connected, tls, false, LIMIT_MILLIS);
    socket.setSoTimeout(LIMIT_MILLIS);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    byte[] mine = KeyProof.nonce();
    out.write(mine);
    byte[] hello = new byte[Integer.BYTES + KeyProof.NONCE + KeyProof.LENGTH];
    in.readFully(hello);
    ByteBuffer fields = ByteBuffer.wrap(hello);
    int rank = fields.getInt();
    byte[] theirs = KeyProof.take(fields, KeyProof.NONCE);
    requireProof(KeyProof.take(fields, KeyProof.LENGTH), proof("ask", rank, mine, theirs));
    out.write(proof("answer", rank, mine, theirs));
    socket.setSoTimeout(0);
    return socket;
  }

  /** What the other end does; as {@link #accept}. */
  Socket connect(Socket connected, int rank) throws IOException {
    Socket socket = TlsSockets.secured(connected, tls, true, LIMIT_MILLIS);
    socket.setSoTimeout(LIMIT_MILLIS);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] theirs = new byte[KeyProof.NONCE];
    in.readFully(theirs);
    byte[] mine = KeyProof.nonce();
    ByteBuffer hello = ByteBuffer.allocate(Integer.BYTES + KeyProof.NONCE + KeyProof.LENGTH);
    hello.putInt(rank).put(mine).put(proof("ask", rank, theirs, mine));
    socket.getOutputStream().write(hello.array());
    byte[] answer = new byte[KeyProof.LENGTH];
    in.readFully(answer);
    requireProof(answer, proof("answer", rank, theirs, mine));
    return socket;
  }

  private byte[] proof(String role, int rank, byte[] first, byte[] second) {
    byte[] ranks = ByteBuffer.allocate(2 * Integer.BYTES).putInt(owner).putInt(rank).array();
    return new KeyProof(key).of(role, ranks, first, second);
  }

  private static void requireProof(byte[] given, byte[] expected) throws IOException {
    KeyProof.require(given, expected, "the other end is not a rank of this training");
  }
}
