package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A growing list of directed edges off-heap, in chunks: the input of {@link CsrBuilder}.
 *
 * <p>An edge takes 8 bytes: one long, the destination in its upper half and the source in its lower
 * half. {@link #add} is for one thread; a complete list may be read by all. The creator closes it.
 */
public final class EdgeList implements AutoCloseable {
  private static final int EDGES_PER_CHUNK = 1 << 20;

  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> chunks = new ArrayList<>();
  private final int edgesPerChunk;
  private MemorySegment last = MemorySegment.NULL;
  private long size;

  /** An empty list. */
  public EdgeList() {
    this(EDGES_PER_CHUNK);
  }

  EdgeList(int edgesPerChunk) {
    this.edgesPerChunk = edgesPerChunk;
  }

  /**
   * All edges of a source, in the order of the input, read on all cores.
   *
   * @return a list that the caller closes
   */
  static EdgeList of(EdgeSource source, Progress progress) {
    ConcurrentSkipListMap<Long, long[]> parts = new ConcurrentSkipListMap<>();
    AtomicLong done = new AtomicLong();
    Parallel.run(
        Runtime.getRuntime().availableProcessors(),
        _ -> {
          try (Arena scratch = Arena.ofConfined()) {
            EdgeRecords records = new EdgeRecords(EDGES_PER_CHUNK, EdgeColumns.NONE, scratch);
            EdgeBlock block = new EdgeBlock(records, EDGES_PER_CHUNK);
            for (long i = source.next(block); i != EdgeSource.END; i = source.next(block)) {
              parts.put(i, records.keys().toArray(JAVA_LONG));
              synchronized (done) {
                long edges = done.addAndGet(records.size());
                progress.update("read edges", edges, source.numEdges());
              }
              records.clear();
            }
          }
        });
    EdgeList edges = new EdgeList();
    for (long[] part : parts.values()) {
      edges.add(part);
    }
    return edges;
  }

  /** A list of {@code size} zero edges, to be filled chunk by chunk. */
  static EdgeList ofSize(long size) {
    EdgeList edges = new EdgeList();
    for (long left = size; left > 0; left -= EDGES_PER_CHUNK) {
      edges.addChunk();
    }
    edges.size = size;
    return edges;
  }

  /** Appends an edge; {@link CsrBuilder} checks the ids. */
  public void add(int src, int dst) {
    int offset = (int) (size % edgesPerChunk);
    if (offset == 0) {
      addChunk();
    }
    last.setAtIndex(JAVA_LONG, offset, pack(src, dst));
    size++;
  }

  private void add(long[] packed) {
    for (int from = 0; from < packed.length; ) {
      int offset = (int) (size % edgesPerChunk);
      if (offset == 0) {
        addChunk();
      }
      int count = Math.min(packed.length - from, edgesPerChunk - offset);
      MemorySegment.copy(packed, from, last, JAVA_LONG, (long) offset * Long.BYTES, count);
      from += count;
      size += count;
    }
  }

  public long size() {
    return size;
  }

  int numChunks() {
    return chunks.size();
  }

  /** The edges of chunk {@code i}, 8 bytes each; all chunks but the last are full. */
  MemorySegment chunk(int i) {
    long edges = Math.min(edgesPerChunk, size - (long) i * edgesPerChunk);
    return chunks.get(i).asSlice(0, edges * Long.BYTES);
  }

  int edgesPerChunk() {
    return edgesPerChunk;
  }

  int chunkOf(long edge) {
    return (int) (edge / edgesPerChunk);
  }

  /** The packed edge at a position. */
  long get(long edge) {
    return chunks.get(chunkOf(edge)).getAtIndex(JAVA_LONG, edge % edgesPerChunk);
  }

  static long pack(int src, int dst) {
    return (long) dst << 32 | Integer.toUnsignedLong(src);
  }

  static int src(long edge) {
    return (int) edge;
  }

  static int dst(long edge) {
    return (int) (edge >>> 32);
  }

  private void addChunk() {
    last = arena.allocate((long) edgesPerChunk * Long.BYTES, Long.BYTES);
    chunks.add(last);
  }

  @Override
  public void close() {
    arena.close();
  }
}
