package io.millrace.slicing.disk;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.platform.AvailableMemory;
import io.millrace.datasets.platform.CLibrary;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.GatherKind;
import io.millrace.slicing.RowGather;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Rows that are read from their file, all of a batch at once. It gives the bytes that the mapped
 * file would give.
 *
 * <p>Thread-safe: each thread that gathers has a reader of its own, with up to 512 requests under
 * way and 8 MiB of buffers, more for rows above 16 KiB. Where the system's limits allow no more
 * readers, a thread reads the mapped file. Owns the open file and the readers until {@link #close},
 * after the last gather.
 *
 * <p>The next class to read is {@code RowReader}.
 */
public final class DiskFeatures implements FeatureStore {
  private static final System.Logger LOGGER = System.getLogger(DiskFeatures.class.getName());

  private final Path path;
  private final RowReader.Rows rows;

  /** Readers that no thread uses at the moment. */
  private final ConcurrentLinkedQueue<RowReader> idle = new ConcurrentLinkedQueue<>();

  /** Whether mapped rows took the place of rows from disk; that is logged once. */
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private long numRows;
  private long numRequests;
  private long numBytes;
  private double depthNanos;
  private double nanos;
  private volatile boolean closed;

  /** Reads the last row, which shows whether the system permits it. */
  private DiskFeatures(Path path, RowReader.Rows rows) throws IOException {
    this.path = path;
    this.rows = rows;
    RowReader reader = new RowReader(rows);
    idle.add(reader);
    try (Arena arena = Arena.ofConfined()) {
      int[] last = {rows.shape().numNodes() - 1};
      reader.read(last, new int[1], 1, arena.allocate(rows.outRowBytes()));
      reader.takeCounts();
    } catch (Throwable t) {
      if (reader.isIdle()) {
        reader.close();
      }
      throw t;
    }
  }

  /**
   * The rows of a matrix: from disk if {@link FeatureMatrix#file} names a file and the system has
   * io_uring, otherwise from the matrix's memory, mapped or not. The caller closes the store.
   *
   * @param type the type to write: the matrix's own type, or float32 for a float16 matrix
   * @throws BadInputException if the rows would have to be narrowed, or the file cannot be read
   */
  public static FeatureStore open(FeatureMatrix features, FeatureType type) {
    FeatureStore mapped = FeatureStore.of(features, type, GatherKind.AUTO);
    if (features.file().isEmpty() || features.numNodes() == 0) {
      return mapped;
    }
    boolean direct = features.rows().byteSize() > AvailableMemory.availableBytes();
    try {
      return open(features, type, direct);
    } catch (IOException | IllegalCallerException e) {
      warnOfMapping(e);
      return mapped;
    }
  }

  /** Other systems have no such reads at all, so there it is no fault. */
  private static void warnOfMapping(Exception cause) {
    boolean first = WARNED.compareAndSet(false, true);
    LOGGER.log(
        first && CLibrary.LINUX ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
        "features are read through their mapping, which is slow on a disk: {0}",
        cause.getMessage());
  }

  /**
   * @param direct whether reads shall leave the page cache out, if the file system lets them
   * @throws IOException if the system has no io_uring, or forbids it
   */
  static DiskFeatures open(FeatureMatrix features, FeatureType type, boolean direct)
      throws IOException {
    if (direct) {
      try {
        return opened(features, type, true);
      } catch (IOException e) {
        LOGGER.log(System.Logger.Level.DEBUG, "features are read through the page cache", e);
      }
    }
    return opened(features, type, false);
  }

  private static DiskFeatures opened(FeatureMatrix features, FeatureType type, boolean direct)
      throws IOException {
    FeatureMatrix.Location location = features.file().orElseThrow();
    RowGather gather = RowGather.of(GatherKind.AUTO);
    DiskFile file = DiskFile.open(location.file(), direct);
    try {
      return new DiskFeatures(
          location.file(), new RowReader.Rows(file, location.offset(), features, type, gather));
    } catch (Throwable t) {
      file.close();
      throw t;
    }
  }

  /** Whether this system reads rows so, in words. */
  public static String support() {
    try (Ring _ = new Ring(1)) {
      return "requested together, by io_uring";
    } catch (IOException | IllegalCallerException e) {
      return "one by one, because " + e.getMessage();
    }
  }

  @Override
  public int dim() {
    return rows.shape().dim();
  }

  @Override
  public FeatureType type() {
    return rows.out();
  }

  @Override
  public void gather(int[] nodes, int count, MemorySegment out) {
    gather(nodes, IntStream.range(0, count).toArray(), count, out);
  }

  /**
   * Writes the row of {@code nodes[i]} to row {@code i} of the output, for some {@code i}; the
   * other rows of the output stay as they are.
   *
   * @param places which {@code i}, distinct; the first {@code count} are used
   * @throws BadInputException if an id is out of range, or the file cannot be read
   * @throws IllegalStateException if the store is closed
   */
  public void gather(int[] nodes, int[] places, int count, MemorySegment out) {
    if (closed) { // the number of the file may be another file's by now
      throw new IllegalStateException("the store is closed");
    }
    RowReader reader = idle.poll();
    if (reader == null) {
      try {
        reader = new RowReader(rows);
      } catch (IOException e) {
        warnOfMapping(e);
        gatherMapped(nodes, places, count, out);
        return;
      }
    }
    try {
      reader.read(nodes, places, count, out);
      add(count, reader.takeCounts());
    } catch (IOException e) {
      throw IoErrors.cannotRead(path, e);
    } finally {
      if (reader.isIdle()) {
        idle.add(reader);
      }
    }
  }

  /** For a thread that gets no reader, because the system's limits allow no more of them. */
  void gatherMapped(int[] nodes, int[] places, int count, MemorySegment out) {
    FeatureStore mapped = FeatureStore.of(rows.shape(), rows.out(), GatherKind.AUTO);
    int[] node = new int[1];
    for (int i = 0; i < count; i++) {
      node[0] = nodes[places[i]];
      long to = places[i] * rows.outRowBytes();
      mapped.gather(node, 1, out.asSlice(to, rows.outRowBytes()));
    }
  }

  private synchronized void add(int count, RowReader.Counts counts) {
    numRows += count;
    numRequests += counts.requests;
    numBytes += counts.bytes;
    depthNanos += counts.depthNanos;
    nanos += counts.nanos;
  }

  /** What a store has read so far; empty if it does not read from disk. */
  public static Optional<DiskReads> reads(FeatureStore store) {
    return store instanceof DiskFeatures disk ? Optional.of(disk.reads()) : Optional.empty();
  }

  /** What all threads have read so far. */
  public synchronized DiskReads reads() {
    return new DiskReads(numRows, numRequests, numBytes, depthNanos / nanos, rows.file().direct());
  }

  @Override
  public void close() {
    for (RowReader reader = idle.poll(); reader != null; reader = idle.poll()) {
      reader.close();
    }
    if (!closed) {
      closed = true;
      rows.file().close();
    }
  }
}
