package io.millrace.ranks.rows;

import io.millrace.ranks.TlsSockets;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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
  private static final int NONCE = 32;
  private static final int PROOF = 32;
  private static final int LIMIT_MILLIS = 3000;
  private static final SecureRandom RANDOM = new SecureRandom();

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
    byte[] mine = nonce();
    out.write(mine);
    byte[] hello = new byte[Integer.BYTES + NONCE + PROOF];
    in.readFully(hello);
    ByteBuffer fields = ByteBuffer.wrap(hello);
    int rank = fields.getInt();
    byte[] theirs = bytes(fields, NONCE);
    requireProof(bytes(fields, PROOF), proof("ask", rank, mine, theirs));
    out.write(proof("answer", rank, mine, theirs));
    socket.setSoTimeout(0);
    return socket;
  }

  /** What the other end does; as {@link #accept}. */
  Socket connect(Socket connected, int rank) throws IOException {
    Socket socket = TlsSockets.secured(connected, tls, true, LIMIT_MILLIS);
    socket.setSoTimeout(LIMIT_MILLIS);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] theirs = new byte[NONCE];
    in.readFully(theirs);
    byte[] mine = nonce();
    ByteBuffer hello = ByteBuffer.allocate(Integer.BYTES + NONCE + PROOF);
    hello.putInt(rank).put(mine).put(proof("ask", rank, theirs, mine));
    socket.getOutputStream().write(hello.array());
    byte[] answer = new byte[PROOF];
    in.readFully(answer);
    requireProof(answer, proof("answer", rank, theirs, mine));
    return socket;
  }

  private byte[] proof(String role, int rank, byte[] first, byte[] second) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(role.getBytes(StandardCharsets.US_ASCII));
      mac.update(ByteBuffer.allocate(2 * Integer.BYTES).putInt(owner).putInt(rank).array());
      mac.update(first);
      return mac.doFinal(second);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static void requireProof(byte[] given, byte[] expected) throws IOException {
    if (!MessageDigest.isEqual(given, expected)) {
      throw new IOException("the other end is not a rank of this training");
    }
  }

  static byte[] nonce() {
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    return nonce;
  }

  private static byte[] bytes(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }
}
