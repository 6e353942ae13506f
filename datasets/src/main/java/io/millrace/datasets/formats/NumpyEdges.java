package io.millrace.datasets.formats;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.csr.EdgeBlock;
import io.millrace.datasets.csr.EdgeList;
import io.millrace.datasets.npy.NumpyReader;
import io.millrace.datasets.platform.ScratchFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Edges from a numpy array of shape {@code [2, E]}, sources first, or {@code [E, 2]}, read once.
 *
 * <p>If the array holds all sources before all destinations, the sources are first copied to a
 * {@link ScratchFile} as int32, which is then read along with the destinations.
 */
@Internal
public final class NumpyEdges implements EdgeInput {
  /** Elements read at a time. */
  private static final int STEP = 1 << 16;

  private final NumpyReader in;
  private final int numNodes;
  private final long numEdges;
  private final boolean pairs;
  private final Arena arena = Arena.ofShared();
  private final long[] ids = new long[2 * STEP];
  private MemorySegment sources = MemorySegment.NULL;
  private long nextEdge;
  private int largest = -1;
  private boolean over;

  private NumpyEdges(NumpyReader in, int numNodes) {
    this.in = in.requireIntegers();
    this.numNodes = numNodes;
    numEdges = count(in);
    // [2, E] in C order and [E, 2] in Fortran order hold all sources, then all destinations.
    pairs = in.shape().getFirst() == 2 == in.isTransposed();
  }

  /** The number of edges in an array. An array of another shape is bad input. */
  public static long count(NumpyReader in) {
    if (in.shape().size() == 2 && in.shape().contains(2L)) {
      return in.numElements() / 2;
    }
    throw in.wrongShape("[2, numEdges] or [numEdges, 2]");
  }

  /**
   * @param in at its beginning; closed by the edges, also if this fails
   * @param scratch the path of a file that does not exist yet; none is left when the edges are
   *     closed
   */
  public static NumpyEdges open(NumpyReader in, int numNodes, Path scratch, Progress progress) {
    NumpyEdges edges;
    try {
      edges = new NumpyEdges(in, numNodes);
    } catch (RuntimeException | Error e) {
      in.close();
      throw e;
    }
    try {
      if (!edges.pairs) {
        edges.readSources(scratch, progress);
      }
      return edges;
    } catch (RuntimeException | Error e) {
      edges.close();
      throw e;
    }
  }

  private void readSources(Path scratch, Progress progress) {
    sources = ScratchFile.map(scratch, "sources of edges", numEdges * Integer.BYTES, arena);
    for (long from = 0; from < numEdges; from += STEP) {
      int size = (int) Math.min(STEP, numEdges - from);
      in.next(ids, size);
      for (int i = 0; i < size; i++) {
        sources.setAtIndex(JAVA_INT, from + i, node(ids[i], size - 1 - i));
      }
      progress.update("read sources", from + size, numEdges);
    }
  }

  /** One thread at a time reads, while the others sort what they have. */
  @Override
  public synchronized long next(EdgeBlock block) {
    if (over || nextEdge == numEdges) {
      return END;
    }
    over = true; // after an error nothing more is read, so that this error is the one reported
    long first = nextEdge;
    fill(block);
    over = false;
    return first;
  }

  private void fill(EdgeBlock block) {
    while (!block.isFull() && nextEdge < numEdges) {
      int size =
          (int) Math.min(Math.min(STEP, block.capacity() - block.size()), numEdges - nextEdge);
      in.next(ids, pairs ? 2 * size : size);
      MemorySegment target = block.append(size);
      for (int i = 0; i < size; i++) {
        target.setAtIndex(JAVA_LONG, i, pairs ? pair(i, size) : half(i, size));
      }
      nextEdge += size;
    }
  }

  private long pair(int i, int size) {
    int ahead = 2 * (size - i) - 1;
    return EdgeList.pack(node(ids[2 * i], ahead), node(ids[2 * i + 1], ahead - 1));
  }

  private long half(int i, int size) {
    int src = sources.getAtIndex(JAVA_INT, nextEdge + i);
    return EdgeList.pack(src, node(ids[i], size - 1 - i));
  }

  /**
   * @param ahead how many elements were read after this one
   */
  private int node(long id, int ahead) {
    if (id < 0 || id >= numNodes) {
      long element = in.position() - 1 - ahead;
      throw in.error("element", element, "edge id out of range", "id", id, "numNodes", numNodes);
    }
    largest = Math.max(largest, (int) id);
    return (int) id;
  }

  /** The highest id of the edges read so far, plus 1. */
  public int numNodes() {
    return largest + 1;
  }

  @Override
  public long numEdges() {
    return numEdges;
  }

  @Override
  public void close() {
    arena.close();
    in.close();
  }
}
