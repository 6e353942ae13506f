package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * Draws the edges whose sources have the smallest random numbers, see {@link Draw.Labor}. The key
 * of an edge is its source's number at this hop; parallel edges share it.
 */
final class LaborDraw extends BottomKDraw {
  /** The part of a batch's seed that the numbers of sources are derived from. */
  private static final int PURPOSE = -2;

  private final MemorySegment indices;
  private final boolean layerDependent;
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

  @Override
  void margins(long rowKey, long offset, int from, int count, double[] margins) {
    final long[] bits = this.bits;
    final double bound = this.bound;
    MemorySegment.copy(indices, JAVA_INT, (offset + from) * Integer.BYTES, sources, 0, count);
    BatchRandom.bits(hopKey, sources, bits, count);
    for (int i = 0; i < count; i++) {
      margins[i] = ((bits[i] >>> 11) + 1) * 0x1p-53 - bound;
    }
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
