package io.millrace.datasets.generator;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.datasets.csr.EdgeList;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * R-MAT (Chakrabarti, Zhan and Faloutsos, "R-MAT: a recursive model for graph mining", SDM 2004)
 * with Graph500's probabilities a, b, c, d = 0.57, 0.19, 0.19, 0.05.
 *
 * <p>An edge is a cell of the adjacency matrix, found by choosing one of four quarters again and
 * again, one bit of source and destination at a time. As in Graph500 the ids are then scrambled, so
 * that the hubs do not all lie at the front of every table.
 */
final class RmatModel extends UniformNodes {
  /** Largest power of two below 2^31 - 1 nodes. */
  static final int MAX_NODES = 1 << 30;

  private static final int A = (int) (0.57 * 0x1p31);
  private static final int A_B = (int) ((0.57 + 0.19) * 0x1p31);
  private static final int A_B_C = (int) ((0.57 + 0.19 + 0.19) * 0x1p31);

  private final int bits;
  private final int mask;
  private final int[] multipliers;

  /**
   * @param options {@code numNodes} must be a power of two
   */
  RmatModel(GeneratorOptions options) {
    super(options);
    this.bits = Integer.numberOfTrailingZeros(options.numNodes());
    this.mask = options.numNodes() - 1;
    SplittableRandom random = RandomStream.NODES.chunk(options.seed(), 0);
    this.multipliers = new int[] {random.nextInt() | 1, random.nextInt() | 1};
  }

  @Override
  public void drawEdges(SplittableRandom random, MemorySegment edges) {
    long size = edges.byteSize() / Long.BYTES;
    for (long i = 0; i < size; i++) {
      int src = 0;
      int dst = 0;
      long randomBits = 0;
      for (int level = 0; level < bits; level++) {
        // One 64-bit number serves two levels, 31 bits each.
        randomBits = (level & 1) == 0 ? random.nextLong() : randomBits >>> 32;
        int r = (int) randomBits & Integer.MAX_VALUE;
        int quarter = (r >= A ? 1 : 0) + (r >= A_B ? 1 : 0) + (r >= A_B_C ? 1 : 0);
        src = src << 1 | quarter >>> 1;
        dst = dst << 1 | quarter & 1;
      }
      edges.setAtIndex(JAVA_LONG, i, EdgeList.pack(scramble(src), scramble(dst)));
    }
  }

  /**
   * A permutation of {@code [0, 2^bits)}: multiplying by an odd number and xoring with the upper
   * half can both be undone.
   */
  int scramble(int id) {
    int scrambled = id;
    for (int multiplier : multipliers) {
      scrambled = scrambled * multiplier & mask;
      scrambled ^= scrambled >>> Math.ceilDiv(bits, 2);
    }
    return scrambled;
  }
}
