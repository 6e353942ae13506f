package io.millrace.slicing.disk;

import io.millrace.BadInputException;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.FeatureType;
import io.millrace.slicing.RowGather;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads the rows of one batch at a time: in the order of the file, near rows by one request, and
 * many requests under way.
 *
 * <p>One thread at a time. Owns its ring and its buffers until {@link #close}.
 */
final class RowReader implements AutoCloseable {
  /** Most requests under way. More than 512 gain nothing, 256 are a tenth slower. */
  private static final int DEPTH = 512;

  private static final int FEWEST = 8;
  private static final int BUFFERS_BYTES = 32 << 20;
  private static final int BUFFER_BYTES = 4 * DiskFile.PAGE_BYTES;

  /** Rows with less than this between them share a request: an access costs more than a page. */
  private static final int GAP_BYTES = DiskFile.PAGE_BYTES;

  private static final int[] FIRST = {0};

  /** The file's rows: where they begin in it, and how they are written. */
  record Rows(DiskFile file, long offset, FeatureMatrix shape, FeatureType out, RowGather gather) {
    long outRowBytes() {
      return (long) shape.dim() * out.bytes();
    }
  }

  private final Rows rows;
  private final Ring ring;
  private final Arena arena = Arena.ofShared();
  private final int bufferBytes;
  private final MemorySegment buffers;

  /** Per request: its rows in {@link #order}, from and to. */
  private final int[] first;

  private final int[] end;

  /** Per request: where it begins in the file, bytes that were read, bytes up to its last row. */
  private final long[] start;

  private final int[] filled;
  private final int[] wanted;

  /** The requests that are not under way. */
  private final int[] free;

  private int numFree;

  /** Node and place of each row, by node. */
  private long[] order = {};

  private IOException failure;
  private Counts counts = new Counts();

  /** What was read; of one reader. */
  static final class Counts {
    long requests;
    long bytes;
    long nanos;

    /** Requests under way, times nanoseconds. */
    double depthNanos;
  }

  RowReader(Rows rows) throws IOException {
    this.rows = rows;
    int spanBytes = rows.shape().rowBytes() + 2 * rows.file().blockBytes();
    bufferBytes =
        Math.max(BUFFER_BYTES, Math.ceilDiv(spanBytes, DiskFile.PAGE_BYTES) * DiskFile.PAGE_BYTES);
    int depth = Math.clamp(BUFFERS_BYTES / bufferBytes, FEWEST, DEPTH);
    ring = new Ring(depth);
    try {
      buffers = arena.allocate((long) depth * bufferBytes, DiskFile.PAGE_BYTES);
    } catch (Throwable t) {
      ring.close();
      throw t;
    }
    first = new int[depth];
    end = new int[depth];
    start = new long[depth];
    filled = new int[depth];
    wanted = new int[depth];
    free = new int[depth];
    for (int i = 0; i < depth; i++) {
      free[numFree++] = i;
    }
  }

  /**
   * Whether no request is under way, as after every read that has not failed in the middle.
   * Otherwise the kernel may still write to the buffers: the reader must not be used or closed.
   */
  boolean isIdle() {
    return numFree == free.length;
  }

  /** What was read since this was called last. */
  Counts takeCounts() {
    Counts taken = counts;
    counts = new Counts();
    return taken;
  }

  /**
   * Writes the row of {@code nodes[i]} to row {@code i} of the output.
   *
   * @param places which rows; the first {@code count} are used
   * @throws BadInputException if an id is out of range
   * @throws IndexOutOfBoundsException if a place is not in the output
   * @throws IOException if the file cannot be read, or the kernel takes no more requests
   */
  void read(int[] nodes, int[] places, int count, MemorySegment out) throws IOException {
    sort(nodes, places, count, out.byteSize() / rows.outRowBytes());
    failure = null;
    int next = 0;
    long before = System.nanoTime();
    long begin = before;
    while (failure == null && next < count || numFree < free.length) {
      while (failure == null && next < count && numFree > 0) {
        next = request(next, count);
      }
      int underWay = free.length - numFree;
      ring.submit(Math.max(1, underWay / 4));
      long now = System.nanoTime();
      counts.depthNanos += (double) underWay * (now - before);
      before = now;
      while (ring.next()) {
        completed(ring.id(), ring.result(), out);
      }
    }
    counts.nanos += before - begin;
    if (failure != null) {
      throw failure;
    }
  }

  private void sort(int[] nodes, int[] places, int count, long numPlaces) {
    if (order.length < count) {
      order = new long[count + count / 4];
    }
    int numNodes = rows.shape().numNodes();
    for (int i = 0; i < count; i++) {
      int place = places[i];
      int node = nodes[place];
      if (node < 0 || node >= numNodes) {
        throw RowGather.outOfRange(nodes, place, numNodes);
      }
      Objects.checkIndex(place, numPlaces); // before a read is under way
      order[i] = (long) node << Integer.SIZE | place;
    }
    Arrays.sort(order, 0, count);
  }

  private long position(int index) {
    return rows.offset() + (order[index] >>> Integer.SIZE) * rows.shape().rowBytes();
  }

  /** Returns the row after those that it has requested. */
  private int request(int from, int count) {
    int block = rows.file().blockBytes();
    int rowBytes = rows.shape().rowBytes();
    long begin = position(from) / block * block;
    long last = position(from) + rowBytes;
    int next = from + 1;
    while (next < count
        && position(next) - last < GAP_BYTES
        && position(next) + rowBytes + block - begin <= bufferBytes) {
      last = position(next++) + rowBytes;
    }
    int slot = free[--numFree];
    first[slot] = from;
    end[slot] = next;
    start[slot] = begin;
    filled[slot] = 0;
    wanted[slot] = (int) (last - begin);
    queue(slot);
    return next;
  }

  /** Requests what is missing of a request. */
  private void queue(int slot) {
    int block = rows.file().blockBytes();
    int done = wholeBlocks(slot);
    int bytes = Math.ceilDiv(wanted[slot] - done, block) * block;
    ring.read(
        rows.file().descriptor(),
        buffers.asSlice((long) slot * bufferBytes + done, bytes),
        start[slot] + done,
        slot);
    counts.requests++;
  }

  private int wholeBlocks(int slot) {
    int block = rows.file().blockBytes();
    return filled[slot] / block * block;
  }

  private void completed(int slot, int result, MemorySegment out) {
    if (failure != null) {
      free[numFree++] = slot;
      return;
    }
    int read = wholeBlocks(slot) + result;
    if (result > 0 && read > filled[slot]) {
      filled[slot] = read;
      counts.bytes += result;
      if (filled[slot] < wanted[slot]) {
        queue(slot);
        return;
      }
      copy(slot, out);
    } else if (-result == SystemCalls.INTERRUPTED || -result == SystemCalls.TRY_AGAIN) {
      queue(slot);
      return;
    } else {
      failure = new IOException(result < 0 ? "errno=" + -result : "the file has become shorter");
    }
    free[numFree++] = slot;
  }

  private void copy(int slot, MemorySegment out) {
    int rowBytes = rows.shape().rowBytes();
    long outBytes = rows.outRowBytes();
    boolean same = rows.out() == rows.shape().type();
    for (int i = first[slot]; i < end[slot]; i++) {
      long from = (long) slot * bufferBytes + position(i) - start[slot];
      long to = (int) order[i] * outBytes;
      if (same) {
        MemorySegment.copy(buffers, from, out, to, rowBytes);
      } else {
        MemorySegment row = buffers.asSlice(from, rowBytes);
        rows.gather().widen(row, rows.shape().dim(), FIRST, 1, out.asSlice(to, outBytes));
      }
    }
  }

  @Override
  public void close() {
    ring.close();
    arena.close();
  }
}
