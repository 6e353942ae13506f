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
  void scan(long rowKey, long offset, int begin, int end) {
    final MemorySegment indices = this.indices;
    final long hopKey = this.hopKey;
    double bound = this.bound;
    for (int rank = begin; rank < end; rank++) {
      int source = indices.getAtIndex(JAVA_INT, offset + rank);
      double key = BatchRandom.unit(BatchRandom.bits(BatchRandom.key(hopKey, source), 0));
      if (key < bound) {
        offer(key, rank);
        bound = this.bound;
      }
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
