package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
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
    return assertInstanceOf(KernelProbe.Unusable.class, KernelProbe.load(platform, () -> folder))
        .reason();
  }

  @Test
  void namesPlatformsAsTheBuildDoes() {
    assertEquals("linux-x86_64", Platform.name("Linux", "amd64"));
    assertEquals("linux-aarch64", Platform.name("Linux", "aarch64"));
    assertEquals("macos-aarch64", Platform.name("Mac OS X", "aarch64"));
    assertEquals("windows-11-x86_64", Platform.name("Windows 11", "amd64"));
  }
}
