package io.millrace.sampler;

/**
 * Gives the nodes of a batch their local ids: 0, 1, 2, ... in the order in which they are first
 * seen.
 *
 * <p>An entry of a map holds {@code base + local id}, 32 bits unsigned. {@code base} only grows:
 * the next batch starts above the highest value that the batch before could have written, so an
 * entry below {@code base} is a left-over, and counts as empty. Clearing is one addition; the
 * entries are set to zero only when {@code base} has used up its half of the 32 bits.
 *
 * <p>Works on chunks of ids, in three loops. The first reads the entry of every id and does nothing
 * else: reads that do not wait for each other, so that their cache misses overlap. The second tells
 * the ids that were found from those that were not, without a branch, for that one would be guessed
 * wrong every third time. The third goes through the latter; nearly all are new, as the branch
 * predictor soon knows. Only an id that stands twice in a chunk has been given meanwhile.
 *
 * <p>Reused for batch after batch, one per thread. Held by the {@link NeighborSampler}.
 */
abstract sealed class NodeIdMap permits FlatHashIdMap, DirectAddressIdMap {
  /** Local ids stay below 2^31, so values of a batch that starts below this fit into 32 bits. */
  static final long MAX_BASE = 1L << 31;

  /** Ids that the scratch of a map has room for from the beginning: a chunk's. */
  static final int SCRATCH = 1 << 13;

  long base;
  int size;
  int[] nodes;

  /** Scratch of {@link #assign}: the positions in the chunk whose ids were not found. */
  int[] missing = new int[SCRATCH];

  NodeIdMap(long base, int numNodes) {
    this.base = base;
    this.nodes = new int[numNodes];
  }

  /** Forgets all nodes: the next batch begins. */
  final void clear() {
    base += size;
    size = 0;
    if (base >= MAX_BASE) {
      zero();
      base = 1;
    }
  }

  /** Sets every entry to zero, which is below any base. */
  abstract void zero();

  /**
   * Finds or gives the local id of each of {@code globalIds[0..count)}.
   *
   * @param localIds receives them, from {@code localFrom} on
   */
  abstract void assign(int[] globalIds, int count, int[] localIds, int localFrom);

  /** The nodes seen since the last {@link #clear}. */
  final int size() {
    return size;
  }

  /**
   * The global id of each local id below {@link #size}; the array itself may be longer, and is
   * replaced as it grows.
   */
  final int[] nodes() {
    return nodes;
  }
}
