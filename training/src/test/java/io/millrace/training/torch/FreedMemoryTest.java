package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.CLibrary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FreedMemoryTest {
  @Test
  void isKeptUnlessTheUserChose() {
    assertEquals(Optional.empty(), FreedMemory.chosen(Map.of(), null));
    assertEquals(Optional.empty(), FreedMemory.chosen(Map.of("GLIBC_TUNABLES", "x.y=1"), "keep"));
    String others = "glibc.malloc.arena_max=1:glibc.malloc.hugetlb=1";
    assertEquals(Optional.empty(), FreedMemory.chosen(Map.of("GLIBC_TUNABLES", others), null));
    assertEquals(
        Optional.of("millrace.freedMemory=off"), FreedMemory.chosen(Map.of("A", "1"), "off"));
    for (String variable :
        List.of("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_")) {
      assertEquals(
          Optional.of(variable + "=1000"), FreedMemory.chosen(Map.of(variable, "1000"), null));
    }
    String tunable = "glibc.malloc.trim_threshold=1000";
    assertEquals(
        Optional.of("GLIBC_TUNABLES=" + tunable),
        FreedMemory.chosen(Map.of("GLIBC_TUNABLES", tunable), null));
  }

  @Test
  void refusesAChoiceThatIsNone() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> FreedMemory.chosen(Map.of(), "burn"));
    assertEquals("freed memory is keep or off: millrace.freedMemory=burn", e.getMessage());
  }

  @Test
  @Tag("exhaustive")
  void isKeptByTheCLibraryOnceLibtorchIsLoaded() throws Exception {
    assumeTrue(CLibrary.LINUX);
    assertEquals(
        List.of("mapped alone: false", "kept for the next tensors: Millrace's default"),
        memory(Map.of()));
  }

  @Test
  @Tag("exhaustive")
  void isGivenBackIfTheUserWantsIt() throws Exception {
    assumeTrue(CLibrary.LINUX);
    assertEquals(
        List.of("mapped alone: true", "as the C library decides: millrace.freedMemory=off"),
        memory(Map.of(), "-Dmillrace.freedMemory=off"));
    assertEquals(
        List.of("mapped alone: true", "as the C library decides: MALLOC_TRIM_THRESHOLD_=100000"),
        memory(Map.of("MALLOC_TRIM_THRESHOLD_", "100000")));
  }

  /** What a JVM of its own prints of large memory. */
  private static List<String> memory(Map<String, String> variables, String... flags)
      throws Exception {
    return EngineProcess.lines(variables, flags).subList(2, 4);
  }
}
