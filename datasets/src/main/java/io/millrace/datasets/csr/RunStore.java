package io.millrace.datasets.csr;

import io.millrace.datasets.platform.HugePages;
import io.millrace.datasets.platform.SpillFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The sorted runs of a build: in memory up to a limit, the others in a temporary file.
 *
 * <p>All threads add runs. {@link #close} frees the memory and deletes the file.
 */
final class RunStore implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final long maxBytes;
  private final Supplier<SpillFile> spill;
  private final List<SortedRun> runs = new ArrayList<>();
  private Optional<SpillFile> file = Optional.empty();
  private long storedBytes;

  /**
   * @param maxBytes most bytes of runs in memory
   * @param spill creates the file; called at most once, when the memory is full
   */
  RunStore(long maxBytes, Supplier<SpillFile> spill) {
    this.maxBytes = maxBytes;
    this.spill = spill;
  }

  /** All runs in memory. */
  static RunStore inMemory() {
    return new RunStore(
        Long.MAX_VALUE,
        () -> {
          throw new IllegalStateException("memory has no end");
        });
  }

  /** Stores a sorted block as a run; {@code sorted} can then be reused. */
  void add(long number, long given, EdgeBuffer sorted, int sampleStep) {
    MemorySegment keys = sorted.keys();
    MemorySegment carried = sorted.carried();
    int carriedBytes = sorted.columns().bytes();
    Optional<SpillFile> target = target(keys.byteSize() + carried.byteSize());
    SortedRun.Storage storage =
        target.isEmpty()
            ? new SortedRun.InMemory(copy(keys), copy(carried), carriedBytes)
            : new SortedRun.InFile(
                target.get(),
                target.get().append(keys),
                target.get().append(carried),
                carriedBytes);
    SortedRun run = SortedRun.of(number, given, sorted, sampleStep, storage);
    synchronized (this) {
      runs.add(run);
    }
  }

  /** Reserves memory, or else returns the file. */
  private synchronized Optional<SpillFile> target(long bytes) {
    if (bytes <= maxBytes - storedBytes) {
      storedBytes += bytes;
      return Optional.empty();
    }
    if (file.isEmpty()) {
      file = Optional.of(spill.get());
    }
    return file;
  }

  private MemorySegment copy(MemorySegment data) {
    return HugePages.allocate(data.byteSize(), arena).copyFrom(data);
  }

  /** The runs in the order of the input. */
  synchronized List<SortedRun> runs() {
    return runs.stream().sorted(Comparator.comparingLong(SortedRun::number)).toList();
  }

  /** Edges of all runs. */
  long numRecords() {
    return runs().stream().mapToLong(SortedRun::size).sum();
  }

  @Override
  public void close() {
    try (arena) {
      file.ifPresent(SpillFile::close);
    }
  }
}
