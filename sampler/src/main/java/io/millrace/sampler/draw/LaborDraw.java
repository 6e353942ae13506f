package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Draws the edges whose sources have the smallest random numbers, see {@link Draw.Labor}. The key
 * of an edge is its source's number at this hop; parallel edges share it.
 */
final class LaborDraw extends BottomKDraw {
  /** The part of a batch's seed that the numbers of sources are derived from. */
  private static final int PURPOSE = -2;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment indices;
  private final boolean layerDependent;

  /** Scratch of a block: 1 where a key may be below the bound, so that eight are tested at once. */
  private final byte[] isHit = new byte[BatchRandom.MAX_COUNT + Long.BYTES];

  private final int[] sources = new int[BatchRandom.MAX_COUNT];
  private long hopKey;

  LaborDraw(MemorySegment indices, boolean layerDependent) {
    this.indices = indices;
    this.layerDependent = layerDependent;
  }

  @Override
  public void begin(long batchSeed, int hop) {
    hopKey = BatchRandom.key(BatchRandom.key(batchSeed, PURPOSE), layerDependent ? 0 : hop);
  }

  @Override
  int extraKeys() {
    return 0;
  }

  /** Keys are uniform in (0, 1]: k of n lie below k/n on average, a few fewer by chance. */
  @Override
  double firstBound(int n, int k) {
    return (k + 2 * Math.sqrt(k) + 2) / n;
  }

  @Override
  int hits(long rowKey, long offset, int from, int count, int[] hits) {
    final long[] bits = this.bits;
    final int[] sources = this.sources;
    final long below = bound >= 1 ? 1L << 53 : (long) (bound * 0x1p53);
    MemorySegment.copy(indices, JAVA_INT, (offset + from) * Integer.BYTES, sources, 0, count);
    BatchRandom.bits(hopKey, sources, bits, count);
    final byte[] isHit = this.isHit;
    for (int i = 0; i < count; i++) {
      isHit[i] = (byte) ((bits[i] >>> 11) - below >>> 63);
    }
    Arrays.fill(isHit, count, count + Long.BYTES, (byte) 0);
    int numHits = 0;
    for (int from8 = 0; from8 < count; from8 += Long.BYTES) {
      for (long left = (long) EIGHT_BYTES.get(isHit, from8); left != 0; left &= left - 1) {
        hits[numHits++] = from8 + (Long.numberOfTrailingZeros(left) >>> 3);
      }
    }
    return numHits;
  }

  @Override
  void offer(long offset, int rank, int i) {
    double key = BatchRandom.unit(bits[i]);
    if (key < bound) {
      keep(key, rank);
    }
  }

  @Override
  int whole(long offset, int begin, int end, long[] out, int from) {
    for (int rank = begin; rank < end; rank++) {
      out[from + rank - begin] = offset + rank;
    }
    return from + end - begin;
  }
}
