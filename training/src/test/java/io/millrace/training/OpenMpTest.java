package io.millrace.training;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class OpenMpTest {
  @Test
  @SuppressWarnings("restricted")
  void theEngineStartsWithThreadsThatSleepUnlessTheUserSaysOtherwise() throws Throwable {
    Linker linker = Linker.nativeLinker();
    assumeTrue(linker.defaultLookup().find("setenv").isPresent(), "no setenv on this system");
    TorchEngine.start();
    var getenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("getenv"), FunctionDescriptor.of(ADDRESS, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value =
          (MemorySegment) getenv.invokeExact(arena.allocateFrom(OpenMp.WAIT_POLICY));
      String users = System.getenv(OpenMp.WAIT_POLICY);
      assertEquals(
          users == null ? "passive" : users, value.reinterpret(Long.MAX_VALUE).getString(0));
    }
  }
}
