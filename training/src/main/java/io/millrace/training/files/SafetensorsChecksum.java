package io.millrace.training.files;

import io.millrace.datasets.platform.Checksums;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The checksum in the header of a {@link SafetensorsFile}: SHA-256 of the whole file with the 64
 * digits of the checksum itself taken as zeros, so it covers names and shapes too. Stateless.
 */
final class SafetensorsChecksum {
  /** Its name in the metadata. */
  static final String KEY = "sha256";

  /** The placeholder until the checksum is known. */
  static final String ZEROS = "0".repeat(64);

  private SafetensorsChecksum() {}

  /**
   * The checksum that a file should have.
   *
   * @param stored what it says it is
   */
  static String of(byte[] bytes, String stored) {
    byte[] plain = replaced(bytes, stored, ZEROS);
    return HexFormat.of().formatHex(Checksums.sha256().digest(plain));
  }

  /** A file that has {@link #ZEROS}, with its checksum. */
  static byte[] complete(byte[] bytes) {
    return replaced(bytes, ZEROS, of(bytes, ZEROS));
  }

  private static byte[] replaced(byte[] bytes, String old, String replacement) {
    String key = "\"" + KEY + "\":\"";
    int end = Long.BYTES + SafetensorsFile.headerBytes(bytes);
    String header = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    int at = header.indexOf(key + old + '"');
    byte[] changed = bytes.clone();
    if (at >= 0 && old.length() == replacement.length()) {
      byte[] digits = replacement.getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(digits, 0, changed, at + key.length(), digits.length);
    }
    return changed;
  }
}
