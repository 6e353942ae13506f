package io.millrace.training.inference.chunks;

import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Keeps the resident pages of mapped files below a limit by giving them back.
 *
 * <p>A page of a mapped file that was read once stays resident as long as the system has free
 * memory, so in the end a file of any size counts as memory of this process. A thread checks every
 * few milliseconds and, above the limit, unmaps the pages of all watched files; they stay in the
 * system's cache, where the next access finds them. Resident pages of other files, mostly
 * libraries, do not count. Only Linux reports resident pages; elsewhere nothing is given back.
 *
 * <p>{@link #close} ends the thread. Thread-safe.
 */
@Internal
public final class ResidentLimit implements AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long UNKNOWN = -1;
  private static final long INTERVAL_MS = 3;

  private final List<MemorySegment> mapped = new CopyOnWriteArrayList<>();
  private final long bytes;
  private final Thread thread;
  private long othersBytes;
  private volatile boolean closed;

  /**
   * @param data the dataset whose files are watched
   * @param bytes bytes of watched files that may be resident
   */
  public ResidentLimit(GraphDataset data, long bytes) {
    watch(data.graph().indptr());
    watch(data.graph().indices());
    data.edges().all().values().forEach(this::watch);
    giveBack();
    forget(data.features().rows()); // opening may have read all of them
    this.bytes = bytes;
    othersBytes = fileBytes();
    thread = Thread.ofPlatform().daemon().name("millrace-resident").start(this::run);
  }

  /** The resident bytes of mapped files; -1 if they are not known. */
  public static long fileBytes() {
    return status("RssFile:");
  }

  /** This process's resident bytes; -1 if they are not known. */
  public static long residentBytes() {
    return status("VmRSS:");
  }

  /** The peak of this process's resident bytes; -1 if it is not known. */
  public static long peakBytes() {
    return status("VmHWM:");
  }

  private static long status(String key) {
    try {
      for (String line : Files.readString(STATUS).split("\n")) {
        if (line.startsWith(key)) {
          return 1024 * Long.parseLong(line.toLowerCase(Locale.ROOT).replaceAll("\\D", ""));
        }
      }
    } catch (IOException _) {
      // Not Linux.
    }
    return UNKNOWN;
  }

  /** Watches this memory while the work runs; does nothing if it is not a mapped file. */
  public <T> T whileWatching(MemorySegment memory, Supplier<T> work) {
    watch(memory);
    try {
      return work.get();
    } finally {
      forget(memory);
    }
  }

  /** Watches this memory until the limit is closed. */
  public void watch(MemorySegment memory) {
    if (memory.isMapped()) {
      mapped.add(memory);
    }
  }

  /** Stops watching this memory. The caller unmaps it next, so no thread may use it any more. */
  private synchronized void forget(MemorySegment memory) {
    mapped.removeIf(it -> it.equals(memory));
    if (memory.isMapped()) {
      memory.unload();
    }
  }

  private void run() {
    while (!closed) {
      if (fileBytes() > othersBytes + bytes) {
        giveBack();
        othersBytes = fileBytes();
      }
      try {
        Thread.sleep(INTERVAL_MS);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private synchronized void giveBack() {
    mapped.forEach(MemorySegment::unload);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
