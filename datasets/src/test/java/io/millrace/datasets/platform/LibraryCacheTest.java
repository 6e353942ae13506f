package io.millrace.datasets.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class LibraryCacheTest {
  private static final byte[] LIBRARY = {1, 2, 3};

  @TempDir private Path folder;

  private Path cache() {
    return LibraryCache.folder(folder.resolve("cache"), folder);
  }

  private static void permissions(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void isAFolderOfTheUserAlone() throws IOException {
    assertEquals(folder.resolve("cache/millrace/libraries"), cache());
    assertEquals("rwx------", permissions(cache()));
    assertEquals(
        "rwx------", permissions(LibraryCache.unpack(LIBRARY, "x.so", cache()).getParent()));
  }

  @Test
  void unpacksALibraryOnceAndRepairsItsFile() throws IOException {
    Path file = LibraryCache.unpack(LIBRARY, "lib.so", cache());
    Object written = Files.getAttribute(file, "unix:ino");

    assertEquals("lib.so", file.getFileName().toString());
    assertEquals(file, LibraryCache.unpack(LIBRARY, "lib.so", cache()));
    assertEquals(written, Files.getAttribute(file, "unix:ino"));
    Files.write(file, new byte[] {1, 2}); // cut short by a full disk
    assertArrayEquals(LIBRARY, Files.readAllBytes(LibraryCache.unpack(LIBRARY, "lib.so", cache())));
    assertNotEquals(file, LibraryCache.unpack(new byte[] {1, 2, 5}, "lib.so", cache()));
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void replacesALinkThatStandsForTheLibrary() throws IOException {
    Path file = LibraryCache.unpack(LIBRARY, "lib.so", cache());
    Path other = Files.write(folder.resolve("other.so"), LIBRARY);
    Files.delete(file);
    Files.createSymbolicLink(file, other);

    assertTrue(Files.isRegularFile(LibraryCache.unpack(LIBRARY, "lib.so", cache())));
    assertTrue(!Files.isSymbolicLink(file));
  }

  @Test
  void refusesAFolderThatOthersCanWrite() throws IOException {
    permissions(cache(), "rwxrwxrwx");

    BadInputException e = assertThrows(BadInputException.class, this::cache);
    assertTrue(
        e.getMessage()
            .startsWith(
                "native libraries are loaded only from a folder that nobody else can write: path="
                    + folder.resolve("cache")),
        e.getMessage());
    assertTrue(e.getMessage().endsWith("permissions=rwxrwxrwx"), e.getMessage());
  }

  @Test
  void refusesAFolderInOneThatOthersCanWrite() throws IOException {
    Path millrace = cache().getParent();
    permissions(millrace, "rwxrwxrwx");
    BadInputException e = assertThrows(BadInputException.class, this::cache);
    assertTrue(e.getMessage().contains("path=" + millrace.toRealPath()), e.getMessage());
  }

  @Test
  void refusesAFolderOrAFileOfAnotherUser() throws IOException {
    Path other = Files.createFile(folder.resolve("other"));
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a file away");
    Files.setAttribute(other, "unix:uid", 12345);

    BadInputException e =
        assertThrows(BadInputException.class, () -> LibraryCache.requirePrivate(other));
    assertTrue(e.getMessage().contains("owner=12345"), e.getMessage());
  }

  @Test
  void doesNotFollowALinkInPlaceOfTheFolder() throws IOException {
    Path target = Files.createDirectory(folder.resolve("target"));
    Files.createDirectories(folder.resolve("cache/millrace"));
    Files.createSymbolicLink(folder.resolve("cache/millrace/libraries"), target);

    Path found = cache();
    assertTrue(found.startsWith(folder.resolve("millrace-" + System.getProperty("user.name"))));
  }

  @Test
  void takesAFolderOfTheUserInTheTemporaryFolderIfThereIsNoHome() throws IOException {
    Path notAFolder = Files.createFile(folder.resolve("file"));

    Path found = LibraryCache.folder(notAFolder.resolve("cache"), folder);

    assertTrue(found.startsWith(folder.resolve("millrace-" + System.getProperty("user.name"))));
    assertEquals("rwx------", permissions(found));
    assertEquals("rwx------", permissions(found.getParent()));
    permissions(found.getParent(), "rwxrwxrwx");
    assertThrows(
        BadInputException.class, () -> LibraryCache.folder(notAFolder.resolve("cache"), folder));
  }

  @Test
  void saysWhatNoexecMeans() {
    String reason =
        LibraryCache.whyNotLoaded(
            new UnsatisfiedLinkError("x.so: failed to map segment from shared object\nmore"));
    assertEquals(
        "x.so: failed to map segment from shared object (is its file system mounted noexec?"
            + " XDG_CACHE_HOME names another folder)",
        reason);
  }

  /** The system says the same of both. */
  @Test
  @Tag("exhaustive")
  void saysThatTheAddressSpaceIsLimited() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String line =
        "ulimit -v 100000000; exec '%s' -XX:+UseSerialGC -cp '%s' '%s'"
            .formatted(java, System.getProperty("java.class.path"), Limited.class.getName());
    Process process = new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), text);
    assertTrue(text.contains("(is the address space too small (ulimit -v)? is its file"), text);
  }

  /** Runs in a process of its own. */
  static final class Limited {
    private Limited() {}

    public static void main(String[] args) {
      System.out.println(
          LibraryCache.whyNotLoaded(new UnsatisfiedLinkError("failed to map segment"), "X"));
    }
  }
}
