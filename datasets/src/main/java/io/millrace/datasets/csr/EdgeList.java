package io.millrace.datasets.csr;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.Progress;
import io.millrace.datasets.platform.HugePages;
import io.millrace.datasets.platform.Parallel;
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
 * half. One thread calls {@link #add}; all threads may read a complete list. The creator closes it.
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
   * Reads all edges of a source on all cores, in the order of the input and without their
   * attributes.
   *
   * @return a list that the caller closes
   */
  public static EdgeList of(EdgeSource source, Progress progress) {
    ConcurrentSkipListMap<Long, long[]> blocks = new ConcurrentSkipListMap<>();
    AtomicLong done = new AtomicLong();
    try (Arena scratch = Arena.ofShared()) {
      Parallel.workers(
          Runtime.getRuntime().availableProcessors(),
          () -> {
            EdgeBuffer records = new EdgeBuffer(EDGES_PER_CHUNK, source.columns(), scratch);
            return () -> {
              records.clear();
              long number = source.next(new EdgeBlock(records, EDGES_PER_CHUNK));
              records.dropSkipped();
              blocks.put(number, records.keys().toArray(JAVA_LONG));
              long edges = done.addAndGet(records.size());
              synchronized (done) {
                progress.update(source.stage(), edges, source.numEdges());
              }
              return number != EdgeSource.END;
            };
          });
    }
    EdgeList list = new EdgeList();
    blocks.values().forEach(list::add);
    return list;
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

  private void add(long[] edges) {
    for (long edge : edges) {
      add(src(edge), dst(edge));
    }
  }

  public long size() {
    return size;
  }

  /** The edge at a position, packed. */
  long get(long edge) {
    return chunks.get((int) (edge / edgesPerChunk)).getAtIndex(JAVA_LONG, edge % edgesPerChunk);
  }

  /** All edges, once. */
  EdgeSource source() {
    AtomicLong next = new AtomicLong();
    return new EdgeSource() {
      @Override
      public long next(EdgeBlock block) {
        long start = next.getAndAdd(block.capacity());
        if (start >= size) {
          return END;
        }
        copy(start, block.append((int) Math.min(block.capacity(), size - start)));
        return start;
      }

      @Override
      public long numEdges() {
        return size;
      }
    };
  }

  private void copy(long start, MemorySegment edges) {
    long count = edges.byteSize() / Long.BYTES;
    for (long done = 0; done < count; ) {
      long at = (start + done) % edgesPerChunk;
      long length = Math.min(count - done, edgesPerChunk - at);
      MemorySegment chunk = chunks.get((int) ((start + done) / edgesPerChunk));
      MemorySegment.copy(chunk, at * Long.BYTES, edges, done * Long.BYTES, length * Long.BYTES);
      done += length;
    }
  }

  public static long pack(int src, int dst) {
    return (long) dst << 32 | Integer.toUnsignedLong(src);
  }

  public static int src(long edge) {
    return (int) edge;
  }

  public static int dst(long edge) {
    return (int) (edge >>> 32);
  }

  private void addChunk() {
    last = HugePages.allocate((long) edgesPerChunk * Long.BYTES, arena); // taken as it is used
    chunks.add(last);
  }

  @Override
  public void close() {
    arena.close();
  }
}
