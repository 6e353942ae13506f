package io.millrace.datasets.links;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyType;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;

/** Pairs of nodes (source, destination), in order; a pair may occur twice. Immutable. */
public final class NodePairs {
  /** The most pairs: both ends of all are in one array. */
  static final int MAX = (Integer.MAX_VALUE - 8) / 2;

  private final int[] ends;

  private NodePairs(int[] ends) {
    this.ends = ends;
  }

  /**
   * Pairs from one array.
   *
   * @param ends source, destination, source, destination, ...
   * @throws BadInputException if their number is odd
   */
  public static NodePairs of(int... ends) {
    if (ends.length % 2 != 0) {
      throw BadInputException.of("pairs have two ends each", "ends", ends.length);
    }
    return new NodePairs(ends.clone());
  }

  /**
   * The links of a graph: each pair of different nodes with an edge once, ordered by source and
   * destination.
   *
   * @param directed false if every edge is stored in both directions: then the smaller id is the
   *     source
   * @throws BadInputException if there are more than an array can hold
   */
  public static NodePairs ofGraph(CsrGraph graph, boolean directed) {
    return ofKeys(Links.of(graph, directed));
  }

  /**
   * Pairs that are packed as {@link #key} does it.
   *
   * @throws BadInputException if there are more than an array can hold
   */
  static NodePairs ofKeys(long[] keys) {
    if (keys.length > MAX) {
      throw BadInputException.of("too many pairs of nodes", "pairs", keys.length, "max", MAX);
    }
    int[] ends = new int[2 * keys.length];
    for (int i = 0; i < keys.length; i++) {
      ends[2 * i] = (int) (keys[i] >>> Integer.SIZE);
      ends[2 * i + 1] = (int) keys[i];
    }
    return new NodePairs(ends);
  }

  /**
   * Reads an npy file of int32 {@code [numPairs x 2]}.
   *
   * @param numNodes of the graph
   * @throws BadInputException if it is missing, damaged or of another shape, or an id is not a node
   */
  public static NodePairs read(Path file, int numNodes) {
    try (Arena arena = Arena.ofConfined()) {
      NpyArray array = NpyArray.map(file, NpyType.INT32, 2, arena);
      if (array.shape().get(1) != 2) {
        throw BadInputException.of(
            "a file of pairs has two columns", "file", file, "shape", array.shape());
      }
      NodePairs pairs = new NodePairs(array.data().toArray(JAVA_INT));
      pairs.requireInRange(file, numNodes);
      return pairs;
    }
  }

  private void requireInRange(Path file, int numNodes) {
    for (int i = 0; i < ends.length; i++) {
      if (ends[i] < 0 || ends[i] >= numNodes) {
        throw BadInputException.of(
            "node id out of range",
            "file",
            file,
            "pair",
            i / 2,
            "id",
            ends[i],
            "numNodes",
            numNodes);
      }
    }
  }

  /** One number for a pair; as unsigned numbers, they are in the order of source, destination. */
  static long key(int src, int dst) {
    return (long) src << Integer.SIZE | dst;
  }

  /** The number of pairs. */
  public int size() {
    return ends.length / 2;
  }

  public int src(int pair) {
    return ends[2 * pair];
  }

  public int dst(int pair) {
    return ends[2 * pair + 1];
  }

  /** Both ends of each pair, {@code [2 * size]}; a copy. */
  public int[] ends() {
    return ends.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodePairs pairs && Arrays.equals(ends, pairs.ends);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ends);
  }

  @Override
  public String toString() {
    return "NodePairs[size=" + size() + "]";
  }
}
