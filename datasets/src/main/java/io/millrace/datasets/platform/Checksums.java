package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of files and texts. Stateless. */
@Internal
public final class Checksums {
  private static final int BUFFER_BYTES = 1 << 16;

  private Checksums() {}

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Adds memory of any size and kind to a digest. */
  public static void update(MessageDigest digest, MemorySegment data) {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (long offset = 0; offset < data.byteSize(); offset += BUFFER_BYTES) {
      int length = (int) Math.min(BUFFER_BYTES, data.byteSize() - offset);
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, offset, buffer, 0, length);
      digest.update(buffer, 0, length);
    }
  }

  /** The checksum of a text in UTF-8, as 64 lower-case hex digits. */
  public static String sha256Hex(String text) {
    return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The checksum of a whole file, as 64 lower-case hex digits. */
  public static String sha256Hex(Path file) {
    IoErrors.requireRegular(file);
    MessageDigest digest = sha256();
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofShared()) {
      MemorySegment data = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      Access.SEQUENTIAL.advise(data);
      update(digest, data);
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A clear error if what was found in a file is not what was once written. */
  public static void require(Path file, String found, String need) {
    if (!found.equals(need)) {
      throw BadInputException.of(
          "checksum differs: the file was changed or damaged after it was written",
          "file",
          file,
          "sha256",
          found,
          "need",
          need);
    }
  }
}
