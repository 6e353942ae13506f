package io.millrace.bench.explore;

import java.util.Arrays;

/** Gives the nodes of a batch local ids 0, 1, 2, ... in the order in which they are first seen. */
abstract class LocalIds {
  private int[] nodes = new int[1 << 12];
  private int size;

  /** Forgets all nodes. */
  void clear() {
    size = 0;
  }

  /** Finds or gives one node's local id. */
  abstract int localId(int globalId);

  /** Finds or gives the local ids of {@code globalIds[0..count)}. */
  void assign(int[] globalIds, int count, int[] localIds, int localFrom) {
    for (int i = 0; i < count; i++) {
      localIds[localFrom + i] = localId(globalIds[i]);
    }
  }

  /** Gives a new node the next local id. */
  final int append(int globalId) {
    if (size == nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * size);
    }
    nodes[size] = globalId;
    return size++;
  }

  final int size() {
    return size;
  }

  /** The global id of each local id below {@link #size}; replaced as it grows. */
  final int[] nodes() {
    return nodes;
  }
}
