package io.millrace.training;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Lets the compute threads of libtorch sleep between operations instead of spinning.
 *
 * <p>OpenMP's threads spin by default while they wait for work. Here the cores are shared with the
 * workers that prepare batches, and a thread that spins while another of its team has no core holds
 * all of them up: on a busy machine of two cores an epoch took five times as long. OpenMP reads its
 * environment once, when it is loaded, so this must come before libtorch. Stateless.
 */
final class OpenMp {
  static final String WAIT_POLICY = "OMP_WAIT_POLICY";
  private static final String PASSIVE = "passive";

  private OpenMp() {}

  /** Sets the policy unless the user has; does nothing where there is no setenv (Windows). */
  @SuppressWarnings("restricted")
  static void sleepWhenIdle() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
    if (setenv.isEmpty()) {
      return;
    }
    MethodHandle function =
        linker.downcallHandle(
            setenv.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int overwrite = 0;
      int _ =
          (int)
              function.invokeExact(
                  arena.allocateFrom(WAIT_POLICY), arena.allocateFrom(PASSIVE), overwrite);
    } catch (Throwable t) {
      throw new IllegalStateException("setenv failed", t);
    }
  }
}
