package io.millrace.datasets;

import io.millrace.Internal;

/**
 * What a dataset has that is one part of a larger one: graph, labels and splits are whole, but only
 * some nodes have their feature rows here. Immutable.
 */
@Internal
public final class DatasetPart {
  private final DatasetDescription.Part description;
  private final int[] partOfNode;
  private final FeatureMatrix rows;

  /**
   * @param partOfNode the part of each node; not copied
   * @param rows of the nodes of this part, in their order
   */
  DatasetPart(DatasetDescription.Part description, int[] partOfNode, FeatureMatrix rows) {
    this.description = description;
    this.partOfNode = partOfNode;
    this.rows = rows;
  }

  /** Which part it is, from 0. */
  public int number() {
    return description.number();
  }

  /** How many parts there are. */
  public int numParts() {
    return description.numParts();
  }

  /** The part that has the row of a node. */
  public int of(int node) {
    return partOfNode[node];
  }

  public int numNodes() {
    return partOfNode.length;
  }

  /** The rows of this part's nodes, in the order of their ids. */
  public FeatureMatrix rows() {
    return rows;
  }
}
