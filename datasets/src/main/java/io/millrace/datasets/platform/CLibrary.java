package io.millrace.datasets.platform;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.Internal;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Functions of the C library, through Java's foreign-function API. A function that this system does
 * not have is no error: what it would do is left out. Stateless and thread-safe.
 */
@Internal
public final class CLibrary {
  /** Whether this is Linux: numbers of flags and advice differ between systems. */
  public static final boolean LINUX =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux");

  private CLibrary() {}

  /**
   * A function, to be called often; empty if the C library has none of this name.
   *
   * @throws IllegalCallerException if Java forbids native access
   */
  @SuppressWarnings("restricted")
  public static Optional<MethodHandle> function(
      String name, MemoryLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(it -> linker.downcallHandle(it, FunctionDescriptor.of(result, arguments)));
  }

  /**
   * Calls a function that returns an {@code int}, once; empty if the C library has none of this
   * name.
   *
   * @param arguments of type Integer ({@code int}), Long ({@code size_t}, {@code long}) or
   *     MemorySegment (a pointer)
   * @throws IllegalCallerException if Java forbids native access
   */
  public static OptionalInt call(String name, Object... arguments) {
    MemoryLayout[] types =
        Arrays.stream(arguments).map(CLibrary::layout).toArray(MemoryLayout[]::new);
    Optional<MethodHandle> function = function(name, JAVA_INT, types);
    if (function.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of((int) function.get().invokeWithArguments(arguments));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("a downcall throws no exception itself", t);
    }
  }

  private static MemoryLayout layout(Object argument) {
    return switch (argument) {
      case Integer _ -> JAVA_INT;
      case Long _ -> JAVA_LONG;
      case MemorySegment _ -> ADDRESS;
      default -> throw new IllegalArgumentException("no C type: " + argument.getClass());
    };
  }
}
