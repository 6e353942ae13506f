package io.millrace.datasets.overlay;

import io.millrace.Internal;

/**
 * What a version knows about a node that differs from the dataset. Immutable; nobody may change the
 * arrays.
 *
 * @param neighbors the nodes that it aggregates from, all of them
 * @param features of a new node; empty for a node of the dataset
 * @param name of a new node; empty if it has none
 */
@Internal
public record NodeRow(int[] neighbors, float[] features, String name) {
  /** Stands for a node that is as it is in the dataset. */
  static final NodeRow UNCHANGED = new NodeRow(new int[0], new float[0], "");

  /** Whether it differs from the dataset. */
  public boolean isChanged() {
    return this != UNCHANGED;
  }

  NodeRow withNeighbors(int[] value) {
    return new NodeRow(value, features, name);
  }
}
