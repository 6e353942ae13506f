package io.millrace.datasets.platform;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Native libraries from jars, as files in a folder that only this user can write: a library that
 * another user could put there, or exchange, would run as this user.
 *
 * <p>The folder is {@code $XDG_CACHE_HOME/millrace/libraries}, by default below {@code ~/.cache};
 * where neither can be made, {@code millrace-USER/libraries} in the temporary folder. A file lies
 * in a folder named by the SHA-256 of its content, appears whole by a rename, and is compared byte
 * by byte before it is used again. On systems without POSIX permissions owners are not checked.
 * Stateless and thread-safe.
 */
@Internal
public final class LibraryCache {
  private static final String RULE =
      "native libraries are loaded only from a folder that nobody else can write";

  private LibraryCache() {}

  /**
   * The folder, which is made if it is missing.
   *
   * @throws BadInputException if it is not this user's alone, or none can be made
   */
  public static Path folder() {
    String given = System.getenv("XDG_CACHE_HOME");
    Path caches =
        given == null || given.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(given);
    return folder(
        caches.toAbsolutePath(), Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath());
  }

  static Path folder(Path caches, Path temporary) {
    try {
      Files.createDirectories(caches);
      Path millrace = Files.createDirectories(caches.resolve("millrace"));
      requirePrivate(millrace.toRealPath()); // else another user could exchange what is in it
      return own(millrace.resolve("libraries"));
    } catch (IOException _) {
      // No home, or one that cannot be written: an owner and permissions are checked there, too.
      Path user = temporary.resolve("millrace-" + System.getProperty("user.name"));
      try {
        return own(own(user).resolve("libraries"));
      } catch (IOException e) {
        throw new BadInputException(
            "no folder for native libraries can be made: folder=%s, cause=%s".formatted(user, e),
            e);
      }
    }
  }

  /** Makes a folder that is the user's alone, or finds that it is. */
  private static Path own(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      try {
        if (isPosix(folder)) {
          Files.createDirectory(
              folder,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
          Files.createDirectory(folder);
        }
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) { // else another process made it
          throw e;
        }
      }
    }
    Files.delete(Files.createTempFile(folder, "can", "write"));
    requirePrivate(folder);
    return folder;
  }

  /**
   * Checks a folder that someone else fills, or a file in it: its owner must be this user or root,
   * and nobody else may write it. A group that has the user's own name counts as the user.
   *
   * @throws BadInputException if another user could put a library there
   */
  public static void requirePrivate(Path path) {
    if (!isPosix(path)) {
      return;
    }
    try {
      PosixFileAttributes found =
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      Set<PosixFilePermission> permissions = found.permissions();
      String owner = found.owner().getName();
      boolean othersWrite =
          permissions.contains(PosixFilePermission.OTHERS_WRITE)
              || permissions.contains(PosixFilePermission.GROUP_WRITE)
                  && !found.group().getName().equals(owner);
      if (found.isSymbolicLink() || othersWrite || !isTrusted(found.owner())) {
        throw BadInputException.of(
            RULE,
            "path",
            path,
            "owner",
            owner,
            "permissions",
            PosixFilePermissions.toString(permissions));
      }
    } catch (IOException e) {
      throw IoErrors.cannotRead(path, e);
    }
  }

  private static boolean isTrusted(UserPrincipal owner) throws IOException {
    return owner.equals(user()) || owner.getName().equals("root") || owner.getName().equals("0");
  }

  /** The owner of what this process makes. */
  private static UserPrincipal user() throws IOException {
    try {
      Path file = Files.createTempFile("millrace", ".owner");
      try {
        return Files.getOwner(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException _) { // no temporary folder, or it is full
      return Files.getOwner(Path.of("/proc/self"));
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /**
   * @param content of the library
   * @param name of the file
   * @param folder from {@link #folder}
   * @return a file of that name and content
   */
  public static Path unpack(byte[] content, String name, Path folder) throws IOException {
    Path own = own(folder.resolve(HexFormat.of().formatHex(sha256(content), 0, 8)));
    Path file = own.resolve(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !Arrays.equals(Files.readAllBytes(file), content)) {
      Path unfinished = Files.createTempFile(own, name, ".new");
      try {
        Files.write(unfinished, content);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    }
    return file;
  }

  /** Why a library from this cache cannot be loaded, in one line. */
  public static String whyNotLoaded(Throwable e) {
    return whyNotLoaded(e, "XDG_CACHE_HOME");
  }

  /**
   * Why a library that is there cannot be loaded, in one line.
   *
   * @param variable names the folder of the library
   */
  public static String whyNotLoaded(Throwable e, String variable) {
    String reason =
        String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
    if (!reason.contains("failed to map segment") && !reason.contains("Operation not permitted")) {
      return reason;
    }
    String addresses =
        addressSpaceIsLimited() ? "is the address space too small (ulimit -v)? " : "";
    return "%s (%sis its file system mounted noexec? %s names another folder)"
        .formatted(reason, addresses, variable);
  }

  private static boolean addressSpaceIsLimited() {
    try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
      return limits.anyMatch(it -> it.matches("Max address space +\\d.*"));
    } catch (IOException | UncheckedIOException _) { // not Linux
      return false;
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
