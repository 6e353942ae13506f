package io.millrace.training.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/** Starts the engine in a JVM of its own and prints what the process's environment then says. */
final class EngineProcess {
  private EngineProcess() {}

  /** Prints the variable as the C library has it, then what Millrace says of it. */
  public static void main(String[] args) throws Throwable {
    TorchEngine.start();
    System.out.println(WaitPolicy.VARIABLE + "=" + environment(WaitPolicy.VARIABLE));
    System.out.println(TorchEngine.idleThreads());
  }

  @SuppressWarnings("restricted")
  private static String environment(String name) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MemorySegment getenv = linker.defaultLookup().findOrThrow("getenv");
    MemorySegment found =
        (MemorySegment)
            linker
                .downcallHandle(getenv, FunctionDescriptor.of(ADDRESS, ADDRESS))
                .invokeExact(Arena.global().allocateFrom(name));
    return found.address() == 0 ? null : found.reinterpret(Long.MAX_VALUE).getString(0);
  }
}
