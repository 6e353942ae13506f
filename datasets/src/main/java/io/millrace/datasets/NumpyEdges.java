package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** Reads edges from a numpy array of shape {@code [2, E]}, sources first, or {@code [E, 2]}. */
final class NumpyEdges {
  private final NumpyReader in;
  private final int numNodes;
  private final Progress progress;

  private NumpyEdges(NumpyReader in, int numNodes, Progress progress) {
    this.in = in;
    this.numNodes = numNodes;
    this.progress = progress;
  }

  /** How many edges an array holds; an array of another shape is bad input. */
  static long count(NumpyReader in) {
    if (in.shape().size() == 2 && in.shape().contains(2L)) {
      return in.numElements() / 2;
    }
    throw in.wrongShape("[2, numEdges] or [numEdges, 2]");
  }

  /**
   * @param in at its beginning; read to its end
   * @return the edges, which the caller closes
   */
  static EdgeList read(NumpyReader in, int numNodes, Progress progress) {
    in.requireIntegers();
    // [2, E] in C order and [E, 2] in Fortran order hold all sources, then all destinations.
    boolean twoRows = in.shape().getFirst() == 2;
    EdgeList edges = EdgeList.ofSize(count(in));
    try {
      NumpyEdges reader = new NumpyEdges(in, numNodes, progress);
      if (twoRows != in.isTransposed()) {
        reader.readHalves(edges);
      } else {
        reader.readPairs(edges);
      }
      progress.update("read edges", edges.size(), edges.size());
      return edges;
    } catch (RuntimeException | Error e) {
      edges.close();
      throw e;
    }
  }

  private void readHalves(EdgeList edges) {
    long[] ids = new long[edges.edgesPerChunk()];
    for (int half = 0; half < 2; half++) {
      for (int chunk = 0; chunk < edges.numChunks(); chunk++) {
        MemorySegment target = edges.chunk(chunk);
        int size = (int) (target.byteSize() / Long.BYTES);
        in.next(ids, size);
        for (int i = 0; i < size; i++) {
          int id = node(ids[i], size - 1 - i);
          long before = half == 0 ? 0 : target.getAtIndex(JAVA_LONG, i);
          int src = half == 0 ? id : EdgeList.src(before);
          target.setAtIndex(JAVA_LONG, i, EdgeList.pack(src, half == 0 ? 0 : id));
        }
        progress.update("read edges", (half * edges.size() + edges.endOf(chunk)) / 2, edges.size());
      }
    }
  }

  private void readPairs(EdgeList edges) {
    long[] ids = new long[2 * edges.edgesPerChunk()];
    for (int chunk = 0; chunk < edges.numChunks(); chunk++) {
      MemorySegment target = edges.chunk(chunk);
      int size = (int) (target.byteSize() / Long.BYTES);
      in.next(ids, 2 * size);
      for (int i = 0; i < size; i++) {
        int left = 2 * (size - i) - 1;
        long edge = EdgeList.pack(node(ids[2 * i], left), node(ids[2 * i + 1], left - 1));
        target.setAtIndex(JAVA_LONG, i, edge);
      }
      progress.update("read edges", edges.endOf(chunk), edges.size());
    }
  }

  /**
   * @param ahead how many elements were read after this one
   */
  private int node(long id, int ahead) {
    if (id < 0 || id >= numNodes) {
      long element = in.position() - 1 - ahead;
      throw in.error("element", element, "edge id out of range", "id", id, "numNodes", numNodes);
    }
    return (int) id;
  }
}
