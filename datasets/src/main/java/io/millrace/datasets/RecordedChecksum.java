package io.millrace.datasets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The SHA-256 of a file, recorded beside it in {@code FILE.sha256}, a line as sha256sum writes it:
 * whoever comes later finds the same bytes, or is told.
 *
 * @param file the file that has the checksum
 */
record RecordedChecksum(Path file) {
  private static final int BUFFER_BYTES = 1 << 20;

  /**
   * Reads the whole file, compares, and records what was found.
   *
   * @param given the checksum that it must have; empty = what is recorded, if anything is
   * @return 64 hex digits
   */
  String require(Optional<String> given, Progress progress) {
    String found = found(progress);
    Optional<String> need = given.map(hex -> hex.toLowerCase(Locale.ROOT)).or(this::recorded);
    if (need.isPresent() && !need.get().equals(found)) {
      throw BadInputException.of(
          "file has another checksum, it stays (delete it to download it again)",
          "file",
          file,
          "sha256",
          found,
          "need",
          need.get());
    }
    write(found);
    return found;
  }

  private void write(String hex) {
    Path beside = record().resolveSibling(record().getFileName() + ".part");
    try {
      Files.writeString(beside, hex + "  " + file.getFileName() + "\n");
      Files.move(beside, record(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(record(), "checksum", e);
    }
  }

  private Path record() {
    return file.resolveSibling(file.getFileName() + ".sha256");
  }

  private Optional<String> recorded() {
    try {
      return Files.exists(record())
          ? Optional.of(Files.readString(record()).split(" ", 2)[0])
          : Optional.empty();
    } catch (IOException e) {
      throw IoErrors.cannotRead(record(), e);
    }
  }

  private String found(Progress progress) {
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

  /** Deletes the file and what is recorded of it. */
  void delete() {
    try {
      Files.deleteIfExists(record());
      Files.delete(file);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(file, "its end", e);
    }
  }
}
