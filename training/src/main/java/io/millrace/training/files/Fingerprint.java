package io.millrace.training.files;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.millrace.Internal;
import io.millrace.datasets.platform.Checksums;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** 16 hex digits of a SHA-256 that stand for some values. Stateless. */
@Internal
public final class Fingerprint {
  private static final int NUM_BYTES = 8;

  private Fingerprint() {}

  /** Covers the arrays with their names, types and shapes. */
  public static String of(NDList arrays) {
    MessageDigest digest = Checksums.sha256();
    for (NDArray array : arrays) {
      String head = array.getName() + array.getDataType() + array.getShape();
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      digest.update(array.toByteBuffer());
    }
    return hex(digest);
  }

  public static String of(int[] values) {
    MessageDigest digest = Checksums.sha256();
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES);
    bytes.asIntBuffer().put(values);
    digest.update(bytes);
    return values.length + " " + hex(digest);
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, NUM_BYTES);
  }
}
