package io.millrace.slicing.cache;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.platform.HugePages;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.GatherKind;
import io.millrace.slicing.RowGather;
import io.millrace.slicing.disk.DiskFeatures;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps copies of some rows in memory; the other rows come from another store, for instance a
 * mapped matrix. It gives the bytes that the other store would give alone.
 *
 * <p>Thread-safe without locks: rows and index never change, each thread has its own scratch of
 * some MiB, and the counters are striped. Owns the copies until {@link #close}, after the last
 * gather; the other store stays the caller's.
 */
public final class CachedFeatures implements FeatureStore {
  /** Rows that are not cached are gathered in parts of this size, which fit into a core's cache. */
  private static final int SCRATCH_BYTES = 1 << 20;

  /** Rows are copied in parts of this size, because a disk is faster if it is asked for many. */
  private static final int COPY_BYTES = 64 << 20;

  private final FeatureStore others;
  private final CachedRows rows;
  private final FeatureStore cached;
  private final Arena arena;
  private final long rowBytes;
  private final ThreadLocal<Scratch> scratch;
  private final LongAdder numHits = new LongAdder();
  private final LongAdder numRows = new LongAdder();

  private CachedFeatures(FeatureStore others, CachedRows rows, FeatureMatrix copies, Arena arena) {
    this.others = others;
    this.rows = rows;
    this.arena = arena;
    cached = FeatureStore.of(copies, others.type(), GatherKind.AUTO);
    rowBytes = (long) others.dim() * others.type().bytes();
    scratch = ThreadLocal.withInitial(() -> new Scratch(rowBytes));
  }

  /**
   * Copies the planned rows, in the order of their nodes.
   *
   * @param features what {@code others} gives, as it is stored
   * @param others gives the rows that are not cached, of the same type or widened
   * @throws BadInputException if the two have not the same columns
   */
  public static CachedFeatures of(CachePlan plan, FeatureMatrix features, FeatureStore others) {
    if (features.dim() != others.dim()) {
      throw BadInputException.of(
          "a cache has the columns of its store", "cached", features.dim(), "store", others.dim());
    }
    CachedRows rows = plan.rows();
    Arena arena = Arena.ofShared();
    try {
      MemorySegment copies = HugePages.allocate((long) rows.size() * features.rowBytes(), arena);
      copy(features, rows, copies);
      FeatureMatrix matrix = FeatureMatrix.of(rows.size(), features.dim(), features.type(), copies);
      return new CachedFeatures(others, rows, matrix, arena);
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  private static void copy(FeatureMatrix features, CachedRows rows, MemorySegment copies) {
    long rowBytes = features.rowBytes();
    int[] part = new int[(int) Math.max(1, COPY_BYTES / rowBytes)];
    try (FeatureStore stored = DiskFeatures.open(features, features.type())) {
      long to = 0;
      int numPart = 0;
      for (int node = 0; node < features.numNodes(); node++) {
        if (rows.contains(node)) {
          part[numPart++] = node;
        }
        if (numPart == part.length || node == features.numNodes() - 1) {
          stored.gather(part, numPart, copies.asSlice(to, numPart * rowBytes));
          to += numPart * rowBytes;
          numPart = 0;
        }
      }
    }
  }

  @Override
  public int dim() {
    return others.dim();
  }

  @Override
  public FeatureType type() {
    return others.type();
  }

  @Override
  public void gather(int[] nodes, int count, MemorySegment out) {
    Scratch own = scratch.get();
    int numMisses = own.divide(nodes, count, rows);
    numHits.add(count - numMisses);
    numRows.add(count);
    if (numMisses == count) {
      others.gather(nodes, count, out);
      return;
    }
    cached.gather(own.places, count, out); // where a row is not cached, the first one for now
    if (others instanceof DiskFeatures disk) {
      disk.gather(nodes, own.misses, numMisses, out);
      return;
    }
    for (int from = 0; from < numMisses; from += own.part.length) {
      int numPart = Math.min(own.part.length, numMisses - from);
      for (int i = 0; i < numPart; i++) {
        own.part[i] = nodes[own.misses[from + i]];
      }
      others.gather(own.part, numPart, own.partRows.asSlice(0, numPart * rowBytes));
      for (int i = 0; i < numPart; i++) {
        long to = own.misses[from + i] * rowBytes;
        MemorySegment.copy(own.partRows, i * rowBytes, out, to, rowBytes);
      }
    }
  }

  /** What was gathered so far, by all threads. */
  public HitCounts counts() {
    return new HitCounts(numHits.sum(), numRows.sum());
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  /** What one thread needs to gather a batch; it grows with the batches. */
  private static final class Scratch {
    /** The place of each row of the batch in the cache, 0 where it is not there. */
    private int[] places = {};

    /** The positions in the batch of the rows that are not cached. */
    private int[] misses = {};

    private final int[] part;
    private final MemorySegment partRows;

    private Scratch(long rowBytes) {
      part = new int[(int) Math.max(1, SCRATCH_BYTES / rowBytes)];
      partRows = Arena.ofAuto().allocate(part.length * rowBytes, Long.BYTES);
    }

    /** Returns how many rows are not cached. */
    private int divide(int[] nodes, int count, CachedRows rows) {
      if (places.length < count) {
        places = new int[nodes.length];
        misses = new int[nodes.length];
      }
      int numMisses = 0;
      for (int i = 0; i < count; i++) {
        int node = nodes[i];
        if (node < 0 || node >= rows.numNodes()) {
          throw RowGather.outOfRange(nodes, i, rows.numNodes());
        }
        int place = rows.place(node);
        places[i] = Math.max(place, 0);
        misses[numMisses] = i;
        numMisses += place >>> Integer.SIZE - 1; // adds one where it is negative
      }
      return numMisses;
    }
  }
}
