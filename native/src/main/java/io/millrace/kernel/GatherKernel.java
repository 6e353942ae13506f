package io.millrace.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/**
 * Row gather in C: row {@code i} of the output is row {@code ids[i]} of a matrix {@code [numRows x
 * rowBytes]}, row-major, as it is or widened from float16 to float32. The next rows are prefetched,
 * see {@code gather.c}.
 *
 * <p>Calls are critical ones: heap arrays are passed without a copy, and a garbage collection waits
 * for the call to end. A batch is therefore divided into calls of 512 rows: some hundredths of a
 * millisecond if the rows are in memory, up to 512 reads if they are on a disk. The overhead of a
 * call is too small to measure.
 *
 * <p>All segments may be on or off the heap and have any alignment; matrix and output must not
 * overlap. A mapped file must not be truncated while it is read: Java turns that into an exception,
 * C cannot. Immutable and thread-safe; comes from {@link KernelProbe}.
 */
public final class GatherKernel {
  /** Rows per call. */
  private static final int CHUNK_ROWS = 512;

  private static final SymbolLookup LIBRARY = SymbolLookup.loaderLookup();
  private static final MethodHandle COPY = bind("millrace_gather");
  private static final MethodHandle WIDEN_PORTABLE = bind("millrace_gather_widen");
  private static final boolean HAS_F16C = askForF16c();
  private static final MethodHandle WIDEN =
      HAS_F16C ? bind("millrace_gather_widen_f16c") : WIDEN_PORTABLE;

  private enum Move {
    COPY,
    WIDEN,
    WIDEN_PORTABLE
  }

  /**
   * To be called after the library is loaded, because the class binds to it when it is initialized.
   */
  GatherKernel() {}

  /** A description for people: the platform, and how float16 is widened. */
  public String description() {
    return "C kernel for " + Platform.name() + (HAS_F16C ? " with F16C" : "");
  }

  /**
   * Copies rows.
   *
   * @param rows {@code [numRows x rowBytes]}
   * @param rowBytes at least 1
   * @param ids which rows; the first {@code count} are used
   * @param out {@code [count x rowBytes]}
   * @return the number of rows gathered: {@code count}, or less if {@code ids[result]} is not the
   *     number of a row
   */
  public int copy(MemorySegment rows, long rowBytes, int[] ids, int count, MemorySegment out) {
    return gather(Move.COPY, rows, rowBytes, ids, count, out, rowBytes);
  }

  /**
   * Widens rows from float16 to float32.
   *
   * @param rows float16 {@code [numRows x dim]}
   * @param dim at least 1
   * @param ids which rows; the first {@code count} are used
   * @param out float32 {@code [count x dim]}
   * @return like {@link #copy}
   */
  public int widen(MemorySegment rows, int dim, int[] ids, int count, MemorySegment out) {
    return gather(Move.WIDEN, rows, dim * 2L, ids, count, out, dim * 4L);
  }

  /** Like {@link #widen}, without the instructions that only newer CPUs have. */
  int widenPortably(MemorySegment rows, int dim, int[] ids, int count, MemorySegment out) {
    return gather(Move.WIDEN_PORTABLE, rows, dim * 2L, ids, count, out, dim * 4L);
  }

  private static int gather(
      Move move,
      MemorySegment rows,
      long rowBytes,
      int[] ids,
      int count,
      MemorySegment out,
      long outRowBytes) {
    Objects.checkFromIndexSize(0, count, ids.length);
    Objects.checkFromIndexSize(0, count * outRowBytes, out.byteSize());
    if (rowBytes < 1 || out.isReadOnly()) {
      throw new IllegalArgumentException(
          "rows need bytes, and an output that can be written: rowBytes="
              + rowBytes
              + ", readOnly="
              + out.isReadOnly());
    }
    final MemorySegment idSegment = MemorySegment.ofArray(ids);
    final long numRows = rows.byteSize() / rowBytes;
    // Rows 0..begin-1 are in the output; the kernel checks each id before it reads the row.
    int begin = 0;
    while (begin < count) {
      int end = begin + Math.min(CHUNK_ROWS, count - begin);
      long done = call(move, rows, rowBytes, numRows, idSegment, begin, end, count, out);
      if (done < end) {
        return (int) done;
      }
      begin = end;
    }
    return count;
  }

  /** One call. The handles are constants, so that the compiler emits a direct call. */
  private static long call(
      Move move,
      MemorySegment rows,
      long rowBytes,
      long numRows,
      MemorySegment ids,
      long begin,
      long end,
      long count,
      MemorySegment out) {
    try {
      return switch (move) {
        case COPY -> (long) COPY.invokeExact(rows, rowBytes, numRows, ids, begin, end, count, out);
        case WIDEN ->
            (long) WIDEN.invokeExact(rows, rowBytes, numRows, ids, begin, end, count, out);
        case WIDEN_PORTABLE ->
            (long) WIDEN_PORTABLE.invokeExact(rows, rowBytes, numRows, ids, begin, end, count, out);
      };
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a downcall throws no exception itself", e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(String name) {
    return Linker.nativeLinker()
        .downcallHandle(
            LIBRARY.findOrThrow(name),
            FunctionDescriptor.of(
                JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                ADDRESS),
            Linker.Option.critical(true));
  }

  /** Libraries for architectures other than x86-64 have no such function. */
  @SuppressWarnings("restricted")
  private static boolean askForF16c() {
    return LIBRARY
        .find("millrace_has_f16c")
        .map(f -> Linker.nativeLinker().downcallHandle(f, FunctionDescriptor.of(JAVA_INT)))
        .map(
            handle -> {
              try {
                return (int) handle.invokeExact() != 0;
              } catch (Throwable e) {
                throw new IllegalStateException("a downcall throws no exception itself", e);
              }
            })
        .orElse(false);
  }
}
