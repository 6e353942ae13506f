package io.millrace.datasets.csr;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.platform.SpillFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One block of edges, sorted: in memory, or in a {@link SpillFile}. Immutable, read by all threads.
 *
 * @param number the block's number in the order of the input
 * @param given edges that the source put into the block
 * @param size edges of the run, reverse edges included
 * @param sampleStep number of keys per sample
 * @param samples the keys at 0, sampleStep, 2 sampleStep, ...; they stay in memory
 * @param storage where the edges are
 */
record SortedRun(
    long number, long given, int size, int sampleStep, long[] samples, Storage storage) {

  static SortedRun of(long number, long given, EdgeBuffer sorted, int sampleStep, Storage storage) {
    long[] samples = new long[Math.ceilDiv(sorted.size(), sampleStep)];
    MemorySegment keys = sorted.keys();
    for (int i = 0; i < samples.length; i++) {
      samples[i] = keys.getAtIndex(JAVA_LONG, (long) i * sampleStep);
    }
    return new SortedRun(number, given, sorted.size(), sampleStep, samples, storage);
  }

  /** The number of keys smaller than {@code key}. */
  int numBelow(long key) {
    int sample = numBelow(samples, key);
    if (sample == 0) {
      return 0;
    }
    // The result lies between the last sample below the key and the next sample.
    int from = (sample - 1) * sampleStep + 1;
    int to = Math.min(sample * sampleStep, size);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment between = arena.allocate(Long.BYTES * (long) (to - from), Long.BYTES);
      storage.readKeys(from, between);
      return from + numBelow(between.toArray(JAVA_LONG), key);
    }
  }

  private static int numBelow(long[] sorted, long key) {
    int found = Arrays.binarySearch(sorted, key);
    if (found < 0) {
      return -found - 1;
    }
    while (found > 0 && sorted[found - 1] == key) {
      found--;
    }
    return found;
  }

  /** Appends the edges from one position to another to {@code records}. */
  void copy(int from, int to, EdgeBuffer records) {
    int start = records.size();
    records.grow(to - from);
    storage.readKeys(from, records.keys(start, records.size()));
    if (records.columns().bytes() > 0) {
      storage.readCarried(from, records.carried(start, records.size()));
    }
  }

  /** The storage of a run's edges. */
  sealed interface Storage {
    void readKeys(long from, MemorySegment into);

    void readCarried(long from, MemorySegment into);
  }

  /** Keys and attributes in memory. */
  record InMemory(MemorySegment keys, MemorySegment carried, int carriedBytes) implements Storage {
    @Override
    public void readKeys(long from, MemorySegment into) {
      into.copyFrom(keys.asSlice(from * Long.BYTES, into.byteSize()));
    }

    @Override
    public void readCarried(long from, MemorySegment into) {
      into.copyFrom(carried.asSlice(from * carriedBytes, into.byteSize()));
    }
  }

  /** Keys from one position of a file on, and attributes from another. */
  record InFile(SpillFile file, long keysStart, long carriedStart, int carriedBytes)
      implements Storage {
    @Override
    public void readKeys(long from, MemorySegment into) {
      file.read(keysStart + from * Long.BYTES, into);
    }

    @Override
    public void readCarried(long from, MemorySegment into) {
      file.read(carriedStart + from * carriedBytes, into);
    }
  }
}
