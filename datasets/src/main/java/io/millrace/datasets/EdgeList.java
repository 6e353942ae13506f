package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
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

  /** Appends an edge; {@link CsrBuilder} checks the ids. */
  public void add(int src, int dst) {
    int offset = (int) (size % edgesPerChunk);
    if (offset == 0) {
      addChunk();
    }
    last.setAtIndex(JAVA_LONG, offset, pack(src, dst));
    size++;
  }

  public long size() {
    return size;
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
