package io.millrace.slicing.disk;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.platform.CLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Reads that are under way at the same time (Linux: io_uring, kernel 5.6 or later). Reads are
 * queued by {@link #read}, handed to the kernel by {@link #submit}, and come back in any order by
 * {@link #next}. Queues and their layout are those of {@code linux/io_uring.h}.
 *
 * <p>One thread at a time. Owns its queues until {@link #close}, before which all reads must have
 * come back.
 */
final class Ring implements AutoCloseable {
  private static final int SETUP = 425; // the same number on all processors
  private static final int ENTER = 426;
  private static final int ENTER_GET_EVENTS = 1;
  private static final int OPERATION_READ = 22;

  /** Features that show a kernel from 5.6: both queues in one mapping, and (8) reads as here. */
  private static final int NEEDED = 1 | 8;

  private static final long ENTRIES_OFFSET = 0x10000000;
  private static final int ENTRY_BYTES = 64;
  private static final int RESULT_BYTES = 16;
  private static final int PARAMETER_BYTES = 120;

  /** Where the parameters have the offsets of the queue of requests, and of that of results. */
  private static final int REQUESTS = 40;

  private static final int RESULTS = 80;

  private static final int TAIL = 4;
  private static final int MASK = 8;
  private static final int LAST = 20;
  private static final int ARRAY = 24;

  private static final VarHandle INT = JAVA_INT.varHandle();

  private final Arena arena = Arena.ofShared();
  private final SystemCalls system = new SystemCalls(arena);
  private final MemorySegment parameters = arena.allocate(PARAMETER_BYTES, Long.BYTES);
  private final int descriptor;
  private final MemorySegment queues;
  private final MemorySegment entries;
  private final long requestTail;
  private final int requestMask;
  private final long resultHead;
  private final long resultTail;
  private final int resultMask;
  private final long results;
  private int queued;
  private int tail;
  private int head;
  private int slot;
  private int result;

  /**
   * @param depth how many reads may be under way
   * @throws IOException if the system has no such queues, or forbids them
   */
  Ring(int depth) throws IOException {
    if (!CLibrary.LINUX) {
      arena.close();
      throw new IOException("io_uring is Linux's");
    }
    descriptor = (int) system.call(SETUP, depth, parameters.address(), 0, 0, 0, 0);
    if (descriptor < 0) {
      arena.close();
      throw new IOException("io_uring cannot be set up, errno=" + -descriptor);
    }
    try {
      if ((parameter(LAST) & NEEDED) != NEEDED) {
        throw new IOException("io_uring is too old");
      }
      int numRequests = parameter(0);
      long arrayEnd = parameter(REQUESTS + ARRAY) + (long) numRequests * Integer.BYTES;
      long resultsEnd = parameter(RESULTS + LAST) + (long) parameter(4) * RESULT_BYTES;
      queues = DiskFile.map(descriptor, 0, Math.max(arrayEnd, resultsEnd), arena);
      entries = DiskFile.map(descriptor, ENTRIES_OFFSET, (long) numRequests * ENTRY_BYTES, arena);
    } catch (Throwable t) {
      close();
      throw t;
    }
    requestTail = parameter(REQUESTS + TAIL);
    requestMask = queues.get(JAVA_INT, parameter(REQUESTS + MASK));
    resultHead = parameter(RESULTS);
    resultTail = parameter(RESULTS + TAIL);
    resultMask = queues.get(JAVA_INT, parameter(RESULTS + MASK));
    results = parameter(RESULTS + LAST);
    for (int i = 0; i <= requestMask; i++) {
      queues.set(JAVA_INT, parameter(REQUESTS + ARRAY) + (long) i * Integer.BYTES, i);
    }
  }

  private int parameter(long offset) {
    return parameters.get(JAVA_INT, offset);
  }

  /**
   * Queues a read; at most {@code depth} may be queued or under way.
   *
   * @param to where the bytes go, native
   * @param from position in the file, in bytes
   * @param id names it when it comes back
   */
  void read(int file, MemorySegment to, long from, int id) {
    long entry = (long) (tail & requestMask) * ENTRY_BYTES;
    entries.asSlice(entry, ENTRY_BYTES).fill((byte) 0);
    entries.set(JAVA_BYTE, entry, (byte) OPERATION_READ);
    entries.set(JAVA_INT, entry + 4, file);
    entries.set(JAVA_LONG, entry + 8, from);
    entries.set(JAVA_LONG, entry + 16, to.address());
    entries.set(JAVA_INT, entry + 24, (int) to.byteSize());
    entries.set(JAVA_LONG, entry + 32, id);
    tail++;
    queued++;
  }

  /**
   * Hands queued reads to the kernel, and waits.
   *
   * @param least how many reads must have come back before it returns
   */
  void submit(int least) throws IOException {
    INT.setRelease(queues, requestTail, tail);
    while (queued > 0 || available() < least) {
      long done = system.call(ENTER, descriptor, queued, least, ENTER_GET_EVENTS, 0, 0);
      if (done >= 0) {
        queued -= (int) done;
      } else if (-done == SystemCalls.TRY_AGAIN || -done == SystemCalls.BUSY) {
        if (available() > 0) {
          return; // the kernel takes more when these have been fetched
        }
        Thread.onSpinWait();
      } else if (-done != SystemCalls.INTERRUPTED) {
        throw new IOException("io_uring_enter failed, errno=" + -done);
      }
    }
  }

  private int available() {
    return (int) INT.getAcquire(queues, resultTail) - head;
  }

  /** Fetches a read that has come back: {@link #id} and {@link #result}. False: there is none. */
  boolean next() {
    if (available() == 0) {
      return false;
    }
    long at = results + (long) (head & resultMask) * RESULT_BYTES;
    slot = (int) queues.get(JAVA_LONG, at);
    result = queues.get(JAVA_INT, at + 8);
    head++;
    INT.setRelease(queues, resultHead, head);
    return true;
  }

  int id() {
    return slot;
  }

  /** Bytes that were read, fewer than requested at the end of the file; or -errno. */
  int result() {
    return result;
  }

  @Override
  public void close() {
    arena.close();
    CLibrary.call("close", descriptor);
  }
}
