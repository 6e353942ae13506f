package io.millrace.datasets.download;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.platform.AtomicFile;
import io.millrace.datasets.platform.Checksums;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The SHA-256 of a file, recorded next to it in {@code FILE.sha256} as a line of sha256sum, so that
 * later readers notice if the file has changed.
 *
 * @param file the file that has the checksum
 */
@Internal
public record ChecksumFile(Path file) {
  private static final int BUFFER_BYTES = 1 << 20;

  /**
   * Reads the whole file and compares.
   *
   * @param given the checksum that it must have; empty = the recorded one, if there is one
   * @return 64 hex digits
   */
  public String require(Optional<String> given, Progress progress) {
    String found = found(progress);
    Optional<String> need = given.map(hex -> hex.toLowerCase(Locale.ROOT));
    if (need.isPresent() && !need.get().equals(found)) {
      throw BadInputException.of(
          "file has another checksum; it is kept (delete it to download it again)",
          "file",
          file,
          "sha256",
          found,
          "need",
          need.get());
    }
    Optional<String> before = recorded();
    if (need.isEmpty() && before.isPresent() && !before.get().equals(found)) {
      throw BadInputException.of(
          "file has another checksum than recorded; both are kept (delete both to download it"
              + " again)",
          "file",
          file,
          "record",
          record(),
          "sha256",
          found,
          "need",
          before.get());
    }
    return found;
  }

  /**
   * Records the checksum that {@link #require} has found. Call it only for a file that is known to
   * be good, because any other content is refused from then on.
   */
  public void write(String hex) {
    try {
      AtomicFile.write(record(), hex + "  " + file.getFileName() + "\n", false);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(record(), "checksum", e);
    }
  }

  private Path record() {
    return file.resolveSibling(file.getFileName() + ".sha256");
  }

  /** The first word, if it is a checksum. */
  private Optional<String> recorded() {
    if (!Files.exists(record())) {
      return Optional.empty();
    }
    IoErrors.requireRegular(record());
    try {
      String line = Files.readString(record(), StandardCharsets.ISO_8859_1).strip();
      return Optional.of(line.split("\\s", 2)[0].toLowerCase(Locale.ROOT))
          .filter(ChecksumFile::isSha256);
    } catch (IOException e) {
      throw IoErrors.cannotRead(record(), e);
    }
  }

  /** Whether a text is a checksum: 64 hex digits, in upper or lower case. */
  public static boolean isSha256(String text) {
    return text.matches("[0-9a-fA-F]{64}");
  }

  private String found(Progress progress) {
    IoErrors.requireRegular(file);
    MessageDigest digest = Checksums.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      long total = Files.size(file);
      byte[] buffer = new byte[BUFFER_BYTES];
      long done = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        done += read;
        progress.update("checksum (bytes)", done, total);
      }
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Deletes the file and its recorded checksum. */
  public void delete() {
    try {
      Files.deleteIfExists(record());
      Files.delete(file);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "deletion", e);
    }
  }
}
