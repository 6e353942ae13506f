package io.millrace.sampler;

/** Which map gives the nodes of a batch their local ids. Both give the same batches. */
public enum IdMapKind {
  /**
   * {@link #DIRECT_ADDRESS} where it stays within the sampler's memory budget and within what a
   * Java array holds, otherwise {@link #FLAT_HASH}.
   */
  AUTO,
  /** A flat open-addressing hash: some 16 to 32 bytes per node of the largest batch. */
  FLAT_HASH,
  /** An array over all nodes of the graph: 4 bytes per node of the graph. */
  DIRECT_ADDRESS;

  /** Itself, or what {@link #AUTO} stands for. */
  IdMapKind resolve(int numNodes, long budgetBytes) {
    if (this != AUTO) {
      return this;
    }
    return numNodes <= DirectAddressIdMap.MAX_LENGTH
            && (long) numNodes * Integer.BYTES <= budgetBytes
        ? DIRECT_ADDRESS
        : FLAT_HASH;
  }
}
