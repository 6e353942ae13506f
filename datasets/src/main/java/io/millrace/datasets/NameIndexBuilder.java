package io.millrace.datasets;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.npy.ArrayAppender;
import io.millrace.datasets.platform.Parallel;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.longs.LongArrays;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
      LongArrayList found = namesOf(first);
      long[] entries = found.elements();
      Arrays.parallelSort(entries, 0, found.size());
      sortBuckets(entries, found.size());
      writeStarts(entries, found.size(), written, starts);
      writeNodes(entries, found.size(), nodes);
      written += found.size();
    }
    starts.append(MemorySegment.ofArray(new int[] {written}));
  }

  /** The names in the buckets from {@code first} on, in any order. */
  private LongArrayList namesOf(long first) {
    int numNodes = names.numNodes();
    long numPasses = (1L << bits) / bucketsPerPass;
    LongArrayList all = new LongArrayList((int) Math.min(numNodes, bucketsPerPass));
    Parallel.ranges(
        numNodes,
        NameIndex.STEP,
        (from, to) -> {
          LongArrayList some = new LongArrayList((int) (to - from));
          for (int node = (int) from; node < to; node++) {
            long bucket = NameIndex.bucket(names.bytes(node), bits) - first;
            if (bucket >= 0 && bucket < bucketsPerPass) {
              some.add(bucket << Integer.SIZE | node);
            }
          }
          synchronized (all) {
            all.addElements(all.size(), some.elements(), 0, some.size());
            progress.update("index names", namesRead.addAndGet(to - from), numNodes * numPasses);
          }
        });
    return all;
  }

  /** A task sorts the buckets whose first entry lies in its range. */
  private void sortBuckets(long[] entries, int size) {
    Parallel.ranges(
        size,
        NameIndex.STEP,
        (from, to) -> {
          int start = (int) from;
          while (start > 0 && start < to && bucket(entries, start) == bucket(entries, start - 1)) {
            start++;
          }
          while (start < to) {
            int end = start + 1;
            while (end < size && bucket(entries, end) == bucket(entries, start)) {
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
    long[] bucket = Arrays.copyOfRange(entries, start, end);
    LongArrays.stableSort(bucket, (a, b) -> names.compare((int) a, (int) b));
    for (int i = 1; i < bucket.length; i++) {
      if (names.compare((int) bucket[i - 1], (int) bucket[i]) == 0) {
        throw BadInputException.of(
            "nodes must have different names",
            "folder",
            names.folder(),
            "node",
            (int) bucket[i - 1],
            "other",
            (int) bucket[i]);
      }
    }
    System.arraycopy(bucket, 0, entries, start, bucket.length);
  }

  private void writeStarts(long[] entries, int size, int written, ArrayAppender out)
      throws IOException {
    int[] starts = new int[(int) Math.min(bucketsPerPass, STARTS_PER_WRITE)];
    int position = 0;
    for (long bucket = 0; bucket < bucketsPerPass; bucket++) {
      while (position < size && bucket(entries, position) < bucket) {
        position++;
      }
      int at = (int) bucket % starts.length;
      starts[at] = written + position;
      if (at == starts.length - 1) {
        out.append(MemorySegment.ofArray(starts));
      }
    }
  }

  private static void writeNodes(long[] entries, int size, ArrayAppender out) throws IOException {
    for (int from = 0; from < size; from += NameIndex.STEP) {
      int[] nodes = new int[Math.min(NameIndex.STEP, size - from)];
      for (int i = 0; i < nodes.length; i++) {
        nodes[i] = (int) entries[from + i];
      }
      out.append(MemorySegment.ofArray(nodes));
    }
  }
}
