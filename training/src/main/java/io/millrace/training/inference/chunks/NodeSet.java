package io.millrace.training.inference.chunks;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.CsrGraph;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * All nodes of a graph, or some of them, in ascending order. Immutable; a subset takes one bit per
 * node of the graph, the set of all nodes takes none.
 */
@Internal
public final class NodeSet {
  private final int numNodes;
  private final Optional<BitSet> members;

  private NodeSet(int numNodes, Optional<BitSet> members) {
    this.numNodes = numNodes;
    this.members = members;
  }

  public static NodeSet all(int numNodes) {
    return new NodeSet(numNodes, Optional.empty());
  }

  public static NodeSet of(int numNodes, int[] nodes) {
    BitSet bits = new BitSet(numNodes);
    for (int node : nodes) {
      bits.set(node);
    }
    return new NodeSet(numNodes, Optional.of(bits));
  }

  /**
   * Checks the ids of nodes that a caller has given.
   *
   * @throws BadInputException naming the first id that is not a node of the graph
   */
  public static void requireInRange(int numNodes, int[] nodes) {
    for (int i = 0; i < nodes.length; i++) {
      if (nodes[i] < 0 || nodes[i] >= numNodes) {
        throw BadInputException.of(
            "node id out of range", "id", nodes[i], "position", i, "numNodes", numNodes);
      }
    }
  }

  /** These nodes and all their neighbours. */
  public NodeSet withNeighbors(CsrGraph graph) {
    if (members.isEmpty()) {
      return this;
    }
    BitSet bits = (BitSet) members.get().clone();
    for (int v = next(0); v < numNodes; v = next(v + 1)) {
      for (long e = graph.rowStart(v); e < graph.rowStart(v + 1); e++) {
        bits.set(graph.neighbor(e));
      }
    }
    return new NodeSet(numNodes, Optional.of(bits));
  }

  /** Whether it was made as the set of all nodes. */
  public boolean isAll() {
    return members.isEmpty();
  }

  /** The number of nodes in the graph. */
  public int numNodes() {
    return numNodes;
  }

  /** The number of nodes in the set. */
  public int size() {
    return members.map(BitSet::cardinality).orElse(numNodes);
  }

  /** The first of the set's nodes from a node on; {@code numNodes} if there is none. */
  public int next(int node) {
    if (members.isEmpty()) {
      return node;
    }
    int next = members.get().nextSetBit(node);
    return next < 0 ? numNodes : next;
  }

  /** The end of the run of the set's nodes that begins at {@code begin}, at most {@code end}. */
  public int runEnd(int begin, int end) {
    return members.isEmpty() ? end : Math.min(end, members.get().nextClearBit(begin));
  }

  /** How many of the set's nodes there are from {@code begin} until before {@code end}. */
  public int count(int begin, int end) {
    return members.isEmpty() ? end - begin : members.get().get(begin, end).cardinality();
  }

  /** The set's nodes from {@code begin} until before {@code end}. */
  public int[] between(int begin, int end) {
    return members.isEmpty()
        ? IntStream.range(begin, end).toArray()
        : members.get().get(begin, end).stream().map(node -> begin + node).toArray();
  }
}
