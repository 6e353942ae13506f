package io.millrace.training.nn;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.sampler.draw.BatchRandom;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/**
 * The factors that dropout multiplies values by (Srivastava et al., "Dropout: a simple way to
 * prevent neural networks from overfitting", JMLR 2014, section 10 for the scaling): a share of
 * them, drawn at random, is 0, and the others are {@code 1 / (1 - share)}.
 *
 * <p>A mask is a function of (key, share, position): it does not depend on the thread that fills it
 * or on the number of threads. Torch draws its masks from one generator, number after number; that
 * took a third of a training step. Here each position is hashed by itself, with nothing but 32-bit
 * operations that the compiler turns into vector instructions. Stateless and thread-safe.
 */
final class DropoutMask {
  /** Number of values that are filled together; each block has its own key. */
  private static final int BLOCK = 1 << 12;

  /** 0, 1, 2, ...: the compiler vectorises a loop that reads them, but not one that counts. */
  private static final int[] POSITIONS = IntStream.range(0, BLOCK).toArray();

  private DropoutMask() {}

  /**
   * @param mask receives float32 values; its size is a multiple of 4 bytes
   * @param share fraction of the values that becomes 0, in [0, 1)
   */
  static void fill(MemorySegment mask, double share, long key) {
    int threshold = (int) Math.round(share * (1L << 31));
    int kept = Float.floatToRawIntBits((float) (1 / (1 - share)));
    int[] block = new int[BLOCK];
    long size = mask.byteSize() / Float.BYTES;
    for (long from = 0; from < size; from += BLOCK) {
      int count = (int) Math.min(BLOCK, size - from);
      fillBlock(block, threshold, kept, BatchRandom.key(key, (int) (from / BLOCK)));
      MemorySegment.copy(block, 0, mask, JAVA_INT, from * Float.BYTES, count);
    }
  }

  /**
   * A number is kept if 31 bits of its hash are not below the threshold. The difference of the two
   * is negative if and only if it is below, so its sign, extended over all bits, replaces a branch.
   *
   * <p>The hash is lowbias32 (Wellons, "Prospecting for hash functions", 2018), with a second part
   * of the key between its rounds.
   */
  private static void fillBlock(int[] block, int threshold, int kept, long key) {
    final int first = (int) key;
    final int second = (int) (key >>> 32);
    for (int i = 0; i < BLOCK; i++) {
      int hash = POSITIONS[i] + first;
      hash = (hash ^ hash >>> 16) * 0x7feb352d;
      hash = ((hash ^ hash >>> 15) + second) * 0x846ca68b;
      hash ^= hash >>> 16;
      block[i] = kept & ~((hash >>> 1) - threshold >> 31);
    }
  }
}
