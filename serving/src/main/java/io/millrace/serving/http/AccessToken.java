package io.millrace.serving.http;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/** The token that a client must show, if there is one. Immutable. */
public final class AccessToken {
  /** Everybody may call. */
  public static final AccessToken NONE = new AccessToken(new byte[0]);

  private final byte[] expected;

  private AccessToken(byte[] expected) {
    this.expected = expected;
  }

  /**
   * Reads a token from the first line of a file.
   *
   * @throws BadInputException if there is none
   */
  public static AccessToken read(Path file) {
    try {
      String token = Files.readString(file).lines().findFirst().orElse("").strip();
      if (token.length() < 8) {
        throw BadInputException.of("a token has at least 8 characters", "file", file);
      }
      return new AccessToken(("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new BadInputException("cannot read the token: file=" + file, e);
    }
  }

  /**
   * Whether a request may pass; takes as long for any wrong token.
   *
   * @param header {@code Authorization} of the request
   */
  boolean allows(Optional<String> header) {
    return expected.length == 0
        || MessageDigest.isEqual(expected, header.orElse("").getBytes(StandardCharsets.UTF_8));
  }
}
