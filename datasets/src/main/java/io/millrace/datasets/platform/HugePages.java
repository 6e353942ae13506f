package io.millrace.datasets.platform;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.Internal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory on transparent huge pages (Linux: {@code mmap} and {@code madvise(MADV_HUGEPAGE)}).
 *
 * <p>The advice must come before a page is first touched, and {@link Arena#allocate} touches all it
 * gives, so the memory comes from {@code mmap} itself. Elsewhere, or if the system refuses, it is
 * ordinary memory of the arena. Stateless and thread-safe.
 */
@Internal
public final class HugePages {
  private static final long PAGE_BYTES = 2 << 20;
  private static final long SMALL_PAGE_BYTES = 4096;

  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
  private static final int MADV_HUGEPAGE = 14;
  private static final long MAP_FAILED = -1;

  private HugePages() {}

  /**
   * Zeroed memory that begins at a page, freed when the arena is closed; on huge pages if it is as
   * large as some. Those are not touched, so memory that is never used is never taken.
   */
  public static MemorySegment allocate(long bytes, Arena arena) {
    if (CLibrary.LINUX && bytes >= PAGE_BYTES) {
      try {
        return Posix.map(bytes, arena);
      } catch (OutOfMemoryError e) {
        throw e;
      } catch (Throwable _) {
        // An unknown C library: ordinary memory will do.
      }
    }
    return arena.allocate(Math.max(1, bytes), SMALL_PAGE_BYTES).asSlice(0, bytes);
  }

  /** The C library's functions; loaded on Linux only. */
  @SuppressWarnings("restricted")
  private static final class Posix {
    private static final MethodHandle MMAP =
        function("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = function("munmap", JAVA_INT, ADDRESS, JAVA_LONG);

    private static MethodHandle function(
        String name, MemoryLayout result, MemoryLayout... arguments) {
      return CLibrary.function(name, result, arguments).orElseThrow();
    }

    static MemorySegment map(long bytes, Arena arena) throws Throwable {
      long mappedBytes = Math.ceilDiv(bytes, PAGE_BYTES) * PAGE_BYTES + PAGE_BYTES;
      MemorySegment start =
          (MemorySegment)
              MMAP.invokeExact(
                  MemorySegment.NULL, mappedBytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
      if (start.address() == MAP_FAILED) {
        throw new OutOfMemoryError("the system refused " + bytes + " bytes of memory");
      }
      MemorySegment mapped =
          start.reinterpret(mappedBytes, arena, memory -> unmap(memory, mappedBytes));
      long toPage = -start.address() & PAGE_BYTES - 1;
      MemorySegment memory = mapped.asSlice(toPage, bytes);
      CLibrary.call("madvise", memory, bytes, MADV_HUGEPAGE); // a refusal does no harm
      return memory;
    }

    private static void unmap(MemorySegment memory, long bytes) {
      try {
        int _ = (int) MUNMAP.invokeExact(memory, bytes);
      } catch (Throwable t) {
        throw new IllegalStateException(t);
      }
    }
  }
}
