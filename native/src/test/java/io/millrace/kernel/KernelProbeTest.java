package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelProbeTest {
  @TempDir Path folder;

  @Test
  void loadsTheKernelOnceOrSaysWhyNotInOneLine() {
    switch (KernelProbe.run()) {
      case KernelProbe.Usable(GatherKernel kernel) ->
          assertSame(kernel, ((KernelProbe.Usable) KernelProbe.run()).kernel());
      case KernelProbe.Unusable(String reason) -> {
        assertFalse(reason.isBlank());
        assertEquals(1, reason.lines().count(), reason);
        abort("no kernel here: " + reason);
      }
    }
  }

  @Test
  void saysThatAPlatformHasNoKernel() {
    assertEquals("this build has no native kernel for plan9-mips", why("plan9-mips"));
  }

  @Test
  void repeatsWhatTheBuildCouldNotDo() {
    assertEquals("the build of this test has no compiler", why("test-unbuilt"));
  }

  /** The file is a header of 120 bytes that says RISC-V. */
  @Test
  void saysThatALibraryOfAnotherMachineCannotBeLoaded() {
    assumeTrue(System.mapLibraryName("x").equals("libx.so"), "the file is one for Linux");
    String reason = why("test-other-machine");

    assertTrue(reason.startsWith("its library cannot be loaded: "), reason);
    assertEquals(1, reason.lines().count(), reason);
  }

  private String why(String platform) {
    return assertInstanceOf(KernelProbe.Unusable.class, KernelProbe.load(platform, folder))
        .reason();
  }

  @Test
  void namesPlatformsAsTheBuildDoes() {
    assertEquals("linux-x86_64", LibraryFile.platform("Linux", "amd64"));
    assertEquals("linux-aarch64", LibraryFile.platform("Linux", "aarch64"));
    assertEquals("macos-aarch64", LibraryFile.platform("Mac OS X", "aarch64"));
    assertEquals("windows-11-x86_64", LibraryFile.platform("Windows 11", "amd64"));
  }

  @Test
  void unpacksALibraryOnceAndRepairsItsFile() throws IOException {
    Path cache = folder.resolve("cache");
    Path file = LibraryFile.unpack(new byte[] {1, 2, 3}, "lib.so", cache);
    Object written = Files.getAttribute(file, "unix:ino");

    assertEquals(cache, file.getParent());
    assertEquals(file, LibraryFile.unpack(new byte[] {1, 2, 3}, "lib.so", cache));
    assertEquals(written, Files.getAttribute(file, "unix:ino"));
    Files.write(file, new byte[] {1, 2, 4});
    assertArrayEquals(
        new byte[] {1, 2, 3},
        Files.readAllBytes(LibraryFile.unpack(new byte[] {1, 2, 3}, "lib.so", cache)));
    assertNotEquals(file, LibraryFile.unpack(new byte[] {1, 2, 5}, "lib.so", cache));
    try (Stream<Path> files = Files.list(cache)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void unpacksIntoATemporaryFolderWhereTheCacheCannotBeWritten() throws IOException {
    Path notAFolder = Files.createFile(folder.resolve("file"));

    Path file = LibraryFile.unpack(new byte[] {7}, "lib.so", notAFolder.resolve("cache"));

    assertArrayEquals(new byte[] {7}, Files.readAllBytes(file));
  }
}
