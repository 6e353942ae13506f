package io.millrace.datasets;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one checksum used: SHA-256, which the JDK computes with the CPU's own instructions. */
final class Checksums {
  private Checksums() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
