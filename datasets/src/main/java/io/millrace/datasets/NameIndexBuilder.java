package io.millrace.datasets;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.npy.ArrayAppender;
import io.millrace.datasets.platform.Parallel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the arrays of a {@link NameIndex}, on all cores, the same bytes for any number of them.
 *
 * <p>The names are read once for each {@code 2^24} buckets, in order. A pass sorts the names of its
 * buckets as {@code bucket << 32 | node}, which takes 16 bytes a name: 256 MiB for names that no
 * one chose to meet in one bucket. Names of one bucket are then sorted by their bytes, so names
 * that someone did choose to meet there make nothing slow.
 */
final class NameIndexBuilder {
  private static final long BUCKETS_PER_PASS = 1 << 24;
  private static final int STARTS_PER_WRITE = 1 << 16;

  private final NodeNames names;
  private final Progress progress;
  private final int bits;
  private final long bucketsPerPass;
  private final AtomicLong namesRead = new AtomicLong();

  NameIndexBuilder(NodeNames names, Progress progress) {
    this(names, progress, BUCKETS_PER_PASS);
  }

  /**
   * @param maxBuckets buckets per pass, a power of two
   */
  NameIndexBuilder(NodeNames names, Progress progress, long maxBuckets) {
    this.names = names;
    this.progress = progress;
    bits = NameIndex.bits(names.numNodes());
    bucketsPerPass = Math.min(1L << bits, maxBuckets);
  }

  /**
   * @param starts receives int32 {@code [2^bits + 1]}
   * @param nodes receives int32 {@code [N]}
   * @throws BadInputException if two nodes have the same name
   */
  void writeTo(ArrayAppender starts, ArrayAppender nodes) throws IOException {
    int written = 0;
    for (long first = 0; first < 1L << bits; first += bucketsPerPass) {
      long[] entries = namesOf(first);
      Arrays.parallelSort(entries);
      sortBuckets(entries);
      writeStarts(entries, written, starts);
      writeNodes(entries, nodes);
      written += entries.length;
    }
    starts.append(MemorySegment.ofArray(new int[] {written}));
  }

  /** The names in the buckets from {@code first} on, in any order. */
  private long[] namesOf(long first) {
    int numNodes = names.numNodes();
    long numPasses = (1L << bits) / bucketsPerPass;
    List<long[]> parts = new ArrayList<>();
    Parallel.ranges(
        numNodes,
        NameIndex.STEP,
        (from, to) -> {
          long[] some = new long[(int) (to - from)];
          int found = 0;
          for (int node = (int) from; node < to; node++) {
            long bucket = NameIndex.bucket(names.bytes(node), bits) - first;
            if (bucket >= 0 && bucket < bucketsPerPass) {
              some[found++] = bucket << Integer.SIZE | node;
            }
          }
          synchronized (parts) {
            parts.add(Arrays.copyOf(some, found));
            progress.update("index names", namesRead.addAndGet(to - from), numNodes * numPasses);
          }
        });
    LongBuffer all = LongBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
    parts.forEach(all::put);
    return all.array();
  }

  /** A task sorts the buckets whose first entry lies in its range. */
  private void sortBuckets(long[] entries) {
    Parallel.ranges(
        entries.length,
        NameIndex.STEP,
        (from, to) -> {
          int start = (int) from;
          while (start > 0 && start < to && bucket(entries, start) == bucket(entries, start - 1)) {
            start++;
          }
          while (start < to) {
            int end = start + 1;
            while (end < entries.length && bucket(entries, end) == bucket(entries, start)) {
              end++;
            }
            if (end - start > 1) {
              sortBucket(entries, start, end);
            }
            start = end;
          }
        });
  }

  private static long bucket(long[] entries, int position) {
    return entries[position] >>> Integer.SIZE;
  }

  private void sortBucket(long[] entries, int start, int end) {
    Integer[] nodes = new Integer[end - start];
    Arrays.setAll(nodes, i -> (int) entries[start + i]);
    Arrays.sort(nodes, names::compare);
    for (int i = 1; i < nodes.length; i++) {
      if (names.compare(nodes[i - 1], nodes[i]) == 0) {
        throw BadInputException.of(
            "nodes must have different names",
            "folder",
            names.folder(),
            "node",
            nodes[i - 1],
            "other",
            nodes[i]);
      }
    }
    long bucket = bucket(entries, start);
    for (int i = 0; i < nodes.length; i++) {
      entries[start + i] = bucket << Integer.SIZE | nodes[i];
    }
  }

  private void writeStarts(long[] entries, int written, ArrayAppender out) throws IOException {
    int[] starts = new int[(int) Math.min(bucketsPerPass, STARTS_PER_WRITE)];
    int position = 0;
    for (long bucket = 0; bucket < bucketsPerPass; bucket++) {
      while (position < entries.length && bucket(entries, position) < bucket) {
        position++;
      }
      int at = (int) bucket % starts.length;
      starts[at] = written + position;
      if (at == starts.length - 1) {
        out.append(MemorySegment.ofArray(starts));
      }
    }
  }

  private static void writeNodes(long[] entries, ArrayAppender out) throws IOException {
    for (int from = 0; from < entries.length; from += NameIndex.STEP) {
      int[] nodes = new int[Math.min(NameIndex.STEP, entries.length - from)];
      for (int i = 0; i < nodes.length; i++) {
        nodes[i] = (int) entries[from + i];
      }
      out.append(MemorySegment.ofArray(nodes));
    }
  }
}
