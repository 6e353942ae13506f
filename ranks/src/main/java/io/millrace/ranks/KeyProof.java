package io.millrace.ranks;

import io.millrace.Internal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that an end of a connection knows a key, without sending it: the HMAC-SHA256 of a message
 * that has a nonce of either end.
 *
 * @param key that both ends know; it stays the caller's
 */
@Internal
public record KeyProof(byte[] key) {
  /** Bytes of a nonce. */
  public static final int NONCE = 32;

  /** Bytes of a proof. */
  public static final int LENGTH = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Bytes that nobody can foresee, {@value #NONCE} of them. */
  public static byte[] nonce() {
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    return nonce;
  }

  /**
   * The proof of a message.
   *
   * @param role what is proved, so that the proof of one message is not that of another
   * @param parts of a fixed length each
   */
  public byte[] of(String role, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(role.getBytes(StandardCharsets.US_ASCII));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /**
   * Compares a proof that was received in a time that does not depend on it.
   *
   * @param otherwise the message of the exception
   * @throws IOException if the proof is wrong
   */
  public static void require(byte[] given, byte[] expected, String otherwise) throws IOException {
    if (!MessageDigest.isEqual(given, expected)) {
      throw new IOException(otherwise);
    }
  }

  /** Takes so many bytes of a message. */
  public static byte[] take(ByteBuffer message, int length) {
    byte[] bytes = new byte[length];
    message.get(bytes);
    return bytes;
  }
}
