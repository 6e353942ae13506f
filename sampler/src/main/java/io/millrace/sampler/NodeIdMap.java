package io.millrace.sampler;

/**
 * Gives the nodes of a batch their local ids: 0, 1, 2, ... in the order in which they are first
 * seen.
 *
 * <p>An entry of a map holds {@code base + local id}, 32 bits unsigned. {@code base} only grows:
 * the next batch starts above the highest value that the previous batch could have written, so an
 * entry below {@code base} is left over and counts as empty. Clearing is one addition; the entries
 * are set to zero only when {@code base} leaves its half of the 32 bits.
 *
 * <p>A chunk of ids goes through three loops. The first only reads the entry of every id; these
 * reads are independent, so their cache misses overlap. The second separates the ids that are found
 * from those that are not, without a branch, because such a branch would be mispredicted every
 * third time. The third gives local ids to those that are not found; nearly all are new, which the
 * branch predictor learns. The exception is an id that occurs twice in a chunk.
 *
 * <p>Reused for batch after batch, one per thread. Held by the {@link NeighborSampler}.
 */
abstract sealed class NodeIdMap permits FlatHashIdMap, DirectAddressIdMap, EntryIdMap {
  /** Local ids stay below 2^31, so values of a batch that starts below this fit into 32 bits. */
  static final long MAX_BASE = 1L << 31;

  /** Initial length of the scratch of a map: the ids of a chunk. */
  static final int SCRATCH = 1 << 13;

  long base;
  int size;
  int[] nodes;

  /** Scratch of {@link #assign}: the positions in the chunk whose ids are not found. */
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
   * Finds or assigns the local id of each of {@code globalIds[0..count)}.
   *
   * @param localIds receives them, from {@code localFrom} on
   */
  abstract void assign(int[] globalIds, int count, int[] localIds, int localFrom);

  /** The nodes seen since the last {@link #clear}. */
  final int size() {
    return size;
  }

  /**
   * The global id of each local id below {@link #size}. The array may be longer, and is replaced
   * when it grows.
   */
  final int[] nodes() {
    return nodes;
  }
}
