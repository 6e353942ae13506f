package io.millrace.sampler;

/**
 * Gives the nodes of a batch their local ids: 0, 1, 2, ... in the order in which they are first
 * seen.
 *
 * <p>Works on chunks of ids, so that the memory accesses of a chunk can overlap. Reused for batch
 * after batch, one per thread. Held by the {@link NeighborSampler}.
 */
sealed interface NodeIdMap permits FlatHashIdMap, DirectAddressIdMap {
  /** Forgets all nodes: the next batch begins. */
  void clear();

  /**
   * Finds or gives the local id of each of {@code globalIds[0..count)}.
   *
   * @param localIds receives them, from {@code localFrom} on
   */
  void assign(int[] globalIds, int count, int[] localIds, int localFrom);

  /** The nodes seen since the last {@link #clear}. */
  int size();

  /**
   * The global id of each local id below {@link #size}; the array itself may be longer, and is
   * replaced as it grows.
   */
  int[] nodes();
}
