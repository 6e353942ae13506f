package io.millrace.slicing.disk;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.platform.CLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls by their number (Linux: {@code syscall}), for those that the C library has no
 * function for. One thread at a time.
 */
final class SystemCalls {
  static final int INTERRUPTED = 4;
  static final int TRY_AGAIN = 11;
  static final int BUSY = 16;

  private static final long ERRNO =
      Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));

  private final MemorySegment state;

  /**
   * @throws IllegalCallerException if Java forbids native access
   */
  SystemCalls(Arena arena) {
    CLibrary.function("syscall", JAVA_LONG, JAVA_LONG); // throws it before Function is linked
    state = arena.allocate(Linker.Option.captureStateLayout());
  }

  /**
   * Calls it.
   *
   * @return its result, or the error's number with a minus
   */
  long call(long number, long a, long b, long c, long d, long e, long f) {
    try {
      long result = (long) Function.SYSCALL.invokeExact(state, number, a, b, c, d, e, f);
      return result == -1 ? -state.get(JAVA_INT, ERRNO) : result;
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable t) {
      throw new IllegalStateException("a downcall throws no exception itself", t);
    }
  }

  /** Linked when it is first called. */
  private static final class Function {
    static final MethodHandle SYSCALL = link();

    @SuppressWarnings("restricted")
    private static MethodHandle link() {
      Linker linker = Linker.nativeLinker();
      FunctionDescriptor type =
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG);
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow("syscall"),
          type,
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));
    }
  }
}
