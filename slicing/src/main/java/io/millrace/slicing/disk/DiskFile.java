package io.millrace.slicing.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.platform.CLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A file that is open for reading, by its number (Linux).
 *
 * @param descriptor the number
 * @param blockBytes reads must begin and end at a multiple of this
 * @param direct whether reads leave the page cache out
 */
record DiskFile(int descriptor, int blockBytes, boolean direct) implements AutoCloseable {
  /** A multiple of what any disk requires, and the alignment of memory that is read into. */
  static final int PAGE_BYTES = 4096;

  /** Reads through the page cache need no alignment; with this one near rows share a request. */
  private static final int CACHED_BLOCK_BYTES = 512;

  private static final int CLOSE_ON_EXEC = 0x80000;

  /** {@code O_DIRECT}, which has two values. */
  private static final int DIRECT =
      System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;

  private static final int ADVICE_RANDOM = 1;

  /**
   * Opens a file.
   *
   * @param direct whether reads shall leave the page cache out
   * @throws IOException if it cannot be opened so
   */
  static DiskFile open(Path file, boolean direct) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(file.toString());
      int blockBytes = direct ? directBlock(path, arena) : CACHED_BLOCK_BYTES;
      int flags = CLOSE_ON_EXEC | (direct ? DIRECT : 0);
      int descriptor = CLibrary.call("open", path, flags).orElse(-1);
      if (descriptor < 0) {
        throw new IOException("cannot be opened" + (direct ? " for direct reads" : ""));
      }
      if (!direct) {
        CLibrary.call("posix_fadvise", descriptor, 0L, 0L, ADVICE_RANDOM);
      }
      return new DiskFile(descriptor, blockBytes, direct);
    }
  }

  /** What the file system requires of direct reads; a page where it does not say. */
  private static int directBlock(MemorySegment path, Arena arena) throws IOException {
    final int alignment = 0x2000; // STATX_DIOALIGN, since kernel 6.1
    final int workingDirectory = -100;
    MemorySegment found = arena.allocate(256, Long.BYTES);
    int failed = CLibrary.call("statx", workingDirectory, path, 0, alignment, found).orElse(-1);
    if (failed != 0 || (found.get(JAVA_INT, 0) & alignment) == 0) {
      return PAGE_BYTES;
    }
    int blockBytes = found.get(JAVA_INT, 156);
    if (blockBytes == 0) {
      throw new IOException("the file system has no direct reads");
    }
    return blockBytes;
  }

  /** Maps a part of a file to read and write, and unmaps it when the arena is closed. */
  @SuppressWarnings("restricted")
  static MemorySegment map(int descriptor, long offset, long bytes, Arena arena)
      throws IOException {
    final int readAndWrite = 3;
    final int sharedAndPopulated = 0x8001;
    MethodHandle function =
        CLibrary.function(
                "mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG)
            .orElseThrow(() -> new IOException("the C library has no mmap"));
    MemorySegment start;
    try {
      start =
          (MemorySegment)
              function.invokeExact(
                  MemorySegment.NULL, bytes, readAndWrite, sharedAndPopulated, descriptor, offset);
    } catch (Throwable t) {
      throw new IllegalStateException("a downcall throws no exception itself", t);
    }
    if (start.address() == -1) {
      throw new IOException("mmap failed, offset=" + offset + ", bytes=" + bytes);
    }
    return start.reinterpret(bytes, arena, it -> CLibrary.call("munmap", it, bytes));
  }

  @Override
  public void close() {
    CLibrary.call("close", descriptor);
  }
}
