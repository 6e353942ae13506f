package io.millrace.sampler;

/** Which map gives the nodes of a batch their local ids. Both give the same batches. */
public enum IdMapKind {
  /**
   * {@link #DIRECT_ADDRESS} where it stays within the sampler's memory budget, otherwise {@link
   * #FLAT_HASH}.
   */
  AUTO,
  /** A flat open-addressing hash: some 16 to 32 bytes per node of the largest batch. */
  FLAT_HASH,
  /** An array over all nodes of the graph: 4 bytes per node of the graph. */
  DIRECT_ADDRESS;

  static NodeIdMap newMap(IdMapKind kind, int numNodes, long budgetBytes) {
    return switch (kind) {
      case AUTO ->
          newMap(
              (long) numNodes * Integer.BYTES <= budgetBytes ? DIRECT_ADDRESS : FLAT_HASH,
              numNodes,
              budgetBytes);
      case FLAT_HASH -> new FlatHashIdMap(1);
      case DIRECT_ADDRESS -> new DirectAddressIdMap(numNodes, 1);
    };
  }
}
