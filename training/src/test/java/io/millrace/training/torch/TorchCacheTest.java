package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.LibraryCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class TorchCacheTest {
  @TempDir private Path folder;
  private Path version;
  private Path library;

  @BeforeEach
  void asDjlUnpacksIt() throws IOException {
    version = Files.createDirectories(folder.resolve("pytorch/2.7.1-cpu"));
    library = Files.createFile(version.resolve("libtorch.so"));
    for (Path path : new Path[] {folder, version.getParent(), version}) {
      permissions(path, "rwxr-xr-x");
    }
    permissions(library, "rw-r--r--");
  }

  private static void permissions(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void acceptsWhatDjlUnpacksAndAFolderThatIsNotThere() {
    TorchCache.requirePrivate(folder);
    TorchCache.requirePrivate(folder.resolve("none"));
    TorchCache.requirePrivate(version); // without an engine's folder
  }

  @Test
  void refusesWhatOthersCanWriteAtEveryDepth() throws IOException {
    for (Path path : new Path[] {folder, version.getParent(), version, library}) {
      String before = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
      permissions(path, "rwxrwxrwx");
      BadInputException e =
          assertThrows(BadInputException.class, () -> TorchCache.requirePrivate(folder));
      assertTrue(e.getMessage().contains("path=" + path.toRealPath()), e.getMessage());
      permissions(path, before);
    }
  }

  /** Left alone, it takes a folder of a known name in the temporary folder if there is no home. */
  @Test
  void jnaOfDjlUnpacksToTheLibraryCache() {
    TorchEngine.start();
    assertEquals(LibraryCache.folder().toString(), System.getProperty("jna.tmpdir"));
  }

  @Test
  void ofALinkCountsWhatItLeadsTo(@TempDir Path elsewhere) throws IOException {
    Path linked = Files.createFile(elsewhere.resolve("libc10.so"));
    permissions(linked, "rw-r--r--");
    Files.createSymbolicLink(version.resolve("libc10.so"), linked);
    TorchCache.requirePrivate(folder);
    permissions(linked, "rw-rw-rw-");
    assertThrows(BadInputException.class, () -> TorchCache.requirePrivate(folder));
  }

  @Test
  void isBelowTheUsersOwnFolderIfThereIsNoHome() {
    assertEquals(
        LibraryCache.folder().resolve("djl.ai"), TorchCache.standard(folder.resolve("nowhere")));
    assertEquals(folder.resolve(".djl.ai"), TorchCache.standard(folder));
  }

  @Test
  void whatKilledProcessesLeftOfTheirUnpackingIsDeletedWhenItIsOld() throws IOException {
    Path left = Files.createDirectory(version.getParent().resolve("tmp1234567890"));
    Files.createFile(left.resolve("libtorch_cpu.so"));
    Path leftJni = Files.createFile(version.resolve("jni987tmp"));
    List<Path> others = new ArrayList<>(List.of(library, version.getParent().resolve("tmpdata")));
    Files.createFile(others.getLast());

    TorchCache.sweep(folder, Instant.now()); // another process may be writing it
    assertTrue(Files.exists(left.resolve("libtorch_cpu.so")) && Files.exists(leftJni));

    Instant later = Instant.now().plus(Duration.ofHours(1));
    Path written = Files.createFile(left.resolve("libc10.so"));
    Files.setLastModifiedTime(written, FileTime.from(later));
    TorchCache.sweep(folder, later);
    assertTrue(Files.exists(left.resolve("libtorch_cpu.so")), "one of its files is new");

    TorchCache.sweep(folder, later.plus(Duration.ofHours(1)));
    assertFalse(Files.exists(left) || Files.exists(leftJni));
    for (Path other : others) {
      assertTrue(Files.exists(other), other.toString());
    }
    TorchCache.sweep(folder.resolve("none"), later);
  }
}
