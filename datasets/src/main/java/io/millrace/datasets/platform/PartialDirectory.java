package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A directory that appears at its target whole or not at all; {@link AtomicFile} does the same for
 * a file.
 *
 * <p>It is filled as {@code .NAME.partial-PID} next to the target and renamed by {@link #commit}.
 * While one is filled, another for the same target is refused, in whatever process. {@link #close}
 * without a commit deletes it, and so does the end of the JVM by a signal. After {@code kill -9} or
 * a power cut it stays under its partial name; the next one for the same target deletes it, because
 * no process holds the lock of its file {@value #OWNER} any more. Used by one thread. The shutdown
 * of the JVM runs in another one: it waits for a commit that has begun, and a later commit fails.
 */
@Internal
public final class PartialDirectory implements AutoCloseable {
  private static final String OWNER = ".owner";
  private static final Pattern PID = Pattern.compile(".*\\.partial-(\\d{1,18})(-\\d+)?");

  /**
   * Those of this process, whose owner files must not be opened again: that would end the locks.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  /** Who fills a partial directory. */
  private enum Owner {
    /** Nobody any more. */
    GONE,
    /** A process that runs, or this one. */
    AT_WORK,
    /** Other software. */
    UNKNOWN
  }

  private final Path target;
  private final Path partial;
  private final Path firstMade;
  private final FileChannel owner;
  private final Thread cleaner;
  private boolean committed;
  private boolean deleted;

  /**
   * @param firstMade the highest folder that was created for it
   */
  private PartialDirectory(Path target, Path partial, Path firstMade) throws IOException {
    this.target = target;
    this.partial = partial;
    this.firstMade = firstMade;
    this.owner =
        FileChannel.open(
            partial.resolve(OWNER), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    owner.lock();
    OWN.add(partial);
    this.cleaner = new Thread(this::deletePartial, "delete " + partial.getFileName());
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  /**
   * Refuses a target that exists or that a process is writing; creates missing folders above it.
   */
  public static PartialDirectory forTarget(Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    requireFree(target, absolute);
    Path parent = absolute.getParent();
    if (parent == null) {
      throw BadInputException.of("output cannot be the root directory", "out", target);
    }
    try {
      Path highest = highestMissing(parent);
      Files.createDirectories(parent);
      requireNoOther(target, absolute);
      Path partial = create(parent, absolute.getFileName());
      PartialDirectory made =
          new PartialDirectory(absolute, partial, highest == null ? partial : highest);
      try {
        requireNoOther(target, absolute, partial); // of the same moment
      } catch (BadInputException | IOException e) {
        made.close();
        throw e;
      }
      return made;
    } catch (IOException e) {
      throw IoErrors.cannotWrite(parent, "directory", e);
    }
  }

  /**
   * Refuses a target that exists. What a process that was killed in its last step has left inside
   * the target or next to it is deleted first.
   *
   * @throws BadInputException if the target exists
   */
  public static void requireFree(Path target) {
    requireFree(target, target.toAbsolutePath().normalize());
  }

  private static void requireFree(Path asGiven, Path absolute) {
    if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      sweepAround(absolute);
      throw BadInputException.of("output exists already", "out", asGiven);
    }
  }

  /** Best effort: the target is whole whatever lies there. */
  private static void sweepAround(Path target) {
    try {
      for (Path partial : partials(target)) {
        switch (owner(partial)) {
          case GONE -> deleteTree(partial);
          case UNKNOWN -> deleteIfEmpty(partial);
          case AT_WORK -> {
            // It is its process's to delete.
          }
        }
      }
      Path left = target.resolve(OWNER);
      if (Files.isRegularFile(left, LinkOption.NOFOLLOW_LINKS)
          && Files.size(left) == 0
          && owner(target) == Owner.GONE) {
        Files.delete(left);
      }
    } catch (IOException _) {
      // It stays.
    }
  }

  private static List<Path> partials(Path target) throws IOException {
    Path name = target.getFileName();
    if (name == null) {
      return List.of();
    }
    try (Stream<Path> siblings = Files.list(target.getParent())) {
      return siblings.filter(path -> isPartialOf(name, path)).toList();
    }
  }

  private static Path highestMissing(Path folder) {
    Path missing = null;
    for (Path p = folder; p != null && Files.notExists(p); p = p.getParent()) {
      missing = p;
    }
    return missing;
  }

  /**
   * Deletes what killed processes left behind for the same target.
   *
   * @param own not to be looked at
   * @throws BadInputException if a process fills one
   */
  private static void requireNoOther(Path asGiven, Path target, Path... own) throws IOException {
    for (Path other : partials(target)) {
      if (List.of(own).contains(other)) {
        continue;
      }
      switch (owner(other)) {
        case GONE -> deleteTree(other);
        case AT_WORK ->
            throw BadInputException.of(
                "another process is writing there", "out", asGiven, "process", pid(other));
        case UNKNOWN -> deleteIfEmpty(other);
      }
    }
  }

  /** Whether a process, this one included, is writing a directory for the target. */
  public static boolean isBeingWritten(Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    try {
      return partials(absolute).stream().anyMatch(path -> owner(path) == Owner.AT_WORK);
    } catch (IOException _) {
      return false;
    }
  }

  private static String pid(Path partial) {
    Matcher name = PID.matcher(partial.getFileName().toString());
    return name.matches() ? name.group(1) : "unknown";
  }

  /** Deletes what a process has left that was killed before it could make its owner file. */
  private static void deleteIfEmpty(Path partial) {
    Matcher name = PID.matcher(partial.getFileName().toString());
    if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
      try {
        Files.delete(partial);
      } catch (IOException _) {
        // Not empty, so it is of other software.
      }
    }
  }

  private static boolean isPartialOf(Path name, Path path) {
    return path.getFileName().toString().startsWith("." + name + ".partial-");
  }

  private static Owner owner(Path partial) {
    if (OWN.contains(partial)) {
      return Owner.AT_WORK;
    }
    try (FileChannel channel = FileChannel.open(partial.resolve(OWNER), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null ? Owner.AT_WORK : Owner.GONE;
    } catch (IOException | OverlappingFileLockException _) {
      return Owner.UNKNOWN;
    }
  }

  /** Process ids repeat, always so in containers: a name that is taken gets a number. */
  private static Path create(Path parent, Path name) throws IOException {
    String base = "." + name + ".partial-" + ProcessHandle.current().pid();
    for (int i = 0; ; i++) {
      try {
        return Files.createDirectory(parent.resolve(i == 0 ? base : base + "-" + i));
      } catch (FileAlreadyExistsException _) {
        // It belongs to another process.
      }
    }
  }

  /** The directory while it is filled. */
  public Path path() {
    return partial;
  }

  /** Where to write a file; creates the folders above it. */
  public synchronized Path resolve(String path) throws IOException {
    requireNotDeleted();
    Path file = partial.resolve(path);
    Files.createDirectories(file.getParent());
    return file;
  }

  /**
   * Forces the folders to disk (each file was forced by its writer) and renames. The owner file is
   * deleted last: without it, what a kill before the rename leaves would belong to nobody.
   */
  public synchronized void commit() throws IOException {
    requireNotDeleted();
    try (Stream<Path> folders = Files.walk(partial).filter(Files::isDirectory)) {
      for (Path folder : folders.toList()) {
        force(folder);
      }
    }
    requireFree(target, target);
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    committed = true;
    force(target.getParent());
    Files.deleteIfExists(target.resolve(OWNER));
  }

  private void requireNotDeleted() throws IOException {
    if (deleted) {
      throw new IOException("the process is about to end");
    }
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
      // The JVM is shutting down and the hook is running.
    }
    try {
      owner.close();
    } catch (IOException _) {
      // Its lock ends with the process at the latest.
    }
    deletePartial();
    OWN.remove(partial);
  }

  /** Does nothing after a commit. */
  synchronized void deletePartial() {
    if (committed) {
      return;
    }
    deleted = true;
    deleteTree(partial);
    try {
      for (Path p = partial; !p.equals(firstMade); ) {
        p = p.getParent();
        Files.deleteIfExists(p);
      }
    } catch (IOException _) {
      // Another process has put something there: it stays.
    }
  }

  /** Best effort: files that cannot be deleted stay under the partial name. */
  private static void deleteTree(Path folder) {
    try {
      FileTree.delete(folder);
    } catch (IOException _) {
      // The failure that led here is the one to report.
    }
  }
}
