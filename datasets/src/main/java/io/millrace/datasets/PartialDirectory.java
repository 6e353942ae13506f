package io.millrace.datasets;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory that appears at its target whole or not at all.
 *
 * <p>It is filled as {@code .NAME.partial-PID} beside the target and renamed by {@link #commit}.
 * {@link #close} without a commit deletes it, and so does the end of the JVM by a signal; after
 * {@code kill -9} or a power cut it stays under its partial name, and nothing is at the target.
 * Partial directories of other processes are never touched. Used by one thread.
 */
final class PartialDirectory implements AutoCloseable {
  private final Path target;
  private final Path partial;
  private final Thread cleaner;
  private boolean committed;

  private PartialDirectory(Path target, Path partial) {
    this.target = target;
    this.partial = partial;
    this.cleaner = new Thread(this::deletePartial, "delete " + partial.getFileName());
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  /** Refuses a target that exists; makes the target's parents if they are missing. */
  static PartialDirectory beside(Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    requireFree(target, absolute);
    Path parent = absolute.getParent();
    if (parent == null) {
      throw BadInputException.of("output cannot be the root directory", "out", target);
    }
    try {
      Files.createDirectories(parent);
      return new PartialDirectory(absolute, create(parent, absolute.getFileName()));
    } catch (IOException e) {
      throw IoErrors.cannotWrite(parent, "directory", e);
    }
  }

  private static void requireFree(Path asGiven, Path absolute) {
    if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw BadInputException.of("output exists already", "out", asGiven);
    }
  }

  /** Process ids repeat, always so in containers: a name that is taken gets a number. */
  private static Path create(Path parent, Path name) throws IOException {
    String base = "." + name + ".partial-" + ProcessHandle.current().pid();
    for (int i = 0; ; i++) {
      try {
        return Files.createDirectory(parent.resolve(i == 0 ? base : base + "-" + i));
      } catch (FileAlreadyExistsException _) {
        // Someone else's: leave it alone.
      }
    }
  }

  /** Where to write a file; makes the folders above it. */
  Path resolve(String path) throws IOException {
    Path file = partial.resolve(path);
    Files.createDirectories(file.getParent());
    return file;
  }

  /** Forces the folders to disk (files were forced by who wrote them) and renames. */
  void commit() throws IOException {
    try (Stream<Path> folders = Files.walk(partial).filter(Files::isDirectory)) {
      for (Path folder : folders.toList()) {
        force(folder);
      }
    }
    requireFree(target, target);
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    committed = true;
    force(target.getParent());
  }

  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException _) {
      // Only POSIX systems can open a folder; elsewhere there is nothing to force.
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException _) {
      // The JVM is going down and the hook is at work.
    }
    if (!committed) {
      deletePartial();
    }
  }

  /** Best effort: what cannot be deleted stays under its partial name. */
  private void deletePartial() {
    try (Stream<Path> paths = Files.walk(partial)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException _) {
      // The failure that led here is the one to report.
    }
  }
}
