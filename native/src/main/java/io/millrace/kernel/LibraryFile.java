package io.millrace.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Unpacks the library from the jar to a file, because operating systems load libraries only from
 * files.
 *
 * <p>The file's name contains the SHA-256 of its content, so several versions can be in the cache.
 * An existing file is compared byte by byte before it is used again.
 */
final class LibraryFile {
  private LibraryFile() {}

  /**
   * For instance "linux-x86_64": system and architecture, as {@code src/main/c/build} spells it.
   */
  static String platform() {
    return platform(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static String platform(String os, String arch) {
    String system =
        switch (os) {
          case "Linux" -> "linux";
          case String mac when mac.startsWith("Mac") -> "macos";
          default -> os.toLowerCase(Locale.ROOT).replace(' ', '-');
        };
    return switch (arch) {
      case "amd64", "x86_64" -> system + "-x86_64";
      case "arm64", "aarch64" -> system + "-aarch64";
      default -> system + "-" + arch;
    };
  }

  /** {@code $XDG_CACHE_HOME/millrace/kernel}, by default below {@code ~/.cache}. */
  static Path cache() {
    String given = System.getenv("XDG_CACHE_HOME");
    Path caches =
        given == null || given.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(given);
    return caches.resolve("millrace").resolve("kernel");
  }

  /**
   * @return a file with that content, in the cache or, if the cache cannot be written, in a new
   *     temporary folder that is deleted when this process ends
   */
  static Path unpack(byte[] content, String name, Path cache) throws IOException {
    String checksum = HexFormat.of().formatHex(sha256(content), 0, 8);
    Path file = cache.resolve(checksum + "-" + name);
    try {
      if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
        Files.createDirectories(cache);
        Path unfinished = Files.createTempFile(cache, name, ".new");
        Files.write(unfinished, content);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return file;
    } catch (IOException _) {
      Path folder = Files.createTempDirectory("millrace");
      folder.toFile().deleteOnExit();
      Path temporary = Files.write(folder.resolve(name), content);
      temporary.toFile().deleteOnExit();
      return temporary;
    }
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
