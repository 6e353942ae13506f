package io.millrace.training.torch;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.FileTree;
import io.millrace.datasets.platform.LibraryCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder that DJL unpacks libtorch to and loads it from: {@code ENGINE_CACHE_DIR}, {@code
 * DJL_CACHE_DIR} (environment or system property), or {@code ~/.djl.ai}.
 *
 * <p>DJL loads what it finds there. Therefore only this user may be able to write to it, and where
 * the home folder cannot be written, {@link LibraryCache} takes the place of the temporary folder
 * that DJL would use. DJL unpacks to temporary names next to the target, some 400 MB, and never
 * deletes what a killed process has left: this class does. Stateless. The next class to read is
 * {@link UserLibTorch}.
 */
final class TorchCache {
  /** Names the folder, as an environment variable and as a system property. */
  static final String PROPERTY = "DJL_CACHE_DIR";

  private static final String JNA_FOLDER = "jna.tmpdir";
  private static final String JNA_FILE = "jna.boot.library.path";
  private static final String JNA_STAYS = "jna.nounpack";

  private static final List<String> GIVEN = List.of("ENGINE_CACHE_DIR", PROPERTY);

  /** The levels below the folder: one for the engine, one for each version, and their files. */
  private static final int DEPTH = 3;

  /** What DJL renames when it is whole: a folder of libraries, and its JNI library. */
  private static final Pattern UNFINISHED = Pattern.compile("tmp\\d+|jni\\d+tmp");

  /** DJL unpacks in seconds: what has not changed for so long has no process that writes it. */
  private static final Duration ABANDONED = Duration.ofMinutes(10);

  private TorchCache() {}

  /**
   * Checks the folder; call this before DJL's engine starts.
   *
   * @return the folder
   * @throws BadInputException if another user could put a library there
   */
  static Path prepare() {
    Optional<Path> given = given();
    Path folder =
        given.orElseGet(() -> standard(Path.of(System.getProperty("user.home")).toAbsolutePath()));
    requirePrivate(folder);
    sweep(folder, Instant.now());
    if (given.isEmpty()) {
      System.setProperty(PROPERTY, folder.toString());
    }
    prepareJna();
    return folder;
  }

  /**
   * DJL looks for CUDA by JNA, which would unpack itself to a folder of a known name in the
   * temporary folder where there is no home. Where it has no safe place, DJL finds no GPU.
   */
  private static void prepareJna() {
    if (Stream.of(JNA_FOLDER, JNA_FILE, JNA_STAYS).anyMatch(it -> System.getProperty(it) != null)) {
      return; // the user's choice
    }
    try {
      System.setProperty(JNA_FOLDER, LibraryCache.folder().toString());
    } catch (BadInputException _) {
      System.setProperty(JNA_STAYS, "true");
    }
  }

  private static Optional<Path> given() {
    return GIVEN.stream()
        .flatMap(name -> Stream.of(value(System.getenv(name)), value(System.getProperty(name))))
        .flatMap(Optional::stream)
        .findFirst()
        .map(Path::of);
  }

  private static Optional<String> value(String text) {
    return Optional.ofNullable(text).filter(it -> !it.isEmpty());
  }

  /** The folder that DJL chooses, except for the temporary folder. */
  static Path standard(Path home) {
    return Files.isWritable(home)
        ? home.resolve(".djl.ai")
        : LibraryCache.folder().resolve("djl.ai");
  }

  static void requirePrivate(Path folder) {
    if (!Files.isDirectory(folder)) {
      return; // DJL makes it
    }
    try {
      LibraryCache.requirePrivate(folder.toRealPath());
      Path engine = folder.resolve("pytorch");
      if (Files.isDirectory(engine)) {
        try (Stream<Path> paths = Files.walk(engine, DEPTH - 1, FileVisitOption.FOLLOW_LINKS)) {
          for (Path path : paths.toList()) {
            LibraryCache.requirePrivate(path.toRealPath());
          }
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new BadInputException(
          "cannot read libtorch's cache: folder=%s, cause=%s".formatted(folder, e), e);
    }
  }

  /** Deletes what killed processes have left of their unpacking; best effort. */
  static void sweep(Path folder, Instant now) {
    Path engine = folder.resolve("pytorch");
    if (!Files.isDirectory(engine)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(engine, DEPTH - 1)) {
      for (Path path : paths.filter(TorchCache::isUnfinished).toList()) {
        deleteIfAbandoned(path, now);
      }
    } catch (IOException | UncheckedIOException _) {
      // Another process sweeps, or the folder cannot be written: libtorch starts all the same.
    }
  }

  private static boolean isUnfinished(Path path) {
    return UNFINISHED.matcher(path.getFileName().toString()).matches();
  }

  private static void deleteIfAbandoned(Path unfinished, Instant now) throws IOException {
    try (Stream<Path> walk = Files.walk(unfinished)) {
      Instant latest = now.minus(ABANDONED);
      for (Path path : walk.toList()) {
        FileTime changed = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
        if (changed.toInstant().isAfter(latest)) {
          return;
        }
      }
    }
    FileTree.delete(unfinished);
  }
}
