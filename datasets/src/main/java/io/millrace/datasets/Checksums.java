package io.millrace.datasets;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one checksum used: SHA-256, which the JDK computes with the CPU's own instructions. */
final class Checksums {
  private static final int BUFFER_BYTES = 1 << 16;

  private Checksums() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Adds memory of any size and kind to a digest. */
  static void update(MessageDigest digest, MemorySegment data) {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (long offset = 0; offset < data.byteSize(); offset += BUFFER_BYTES) {
      int length = (int) Math.min(BUFFER_BYTES, data.byteSize() - offset);
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, offset, buffer, 0, length);
      digest.update(buffer, 0, length);
    }
  }
}
