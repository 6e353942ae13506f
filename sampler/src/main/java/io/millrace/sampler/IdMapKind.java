package io.millrace.sampler;

/** Which map gives the nodes of a batch their local ids. Both give the same batches. */
public enum IdMapKind {
  /**
   * {@link #DIRECT_ADDRESS} if the array stays within the memory budget of the sampler and within
   * the longest Java array, otherwise {@link #FLAT_HASH}.
   */
  AUTO,
  /** A flat open-addressing hash: 16 to 32 bytes per node of the largest batch. */
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
