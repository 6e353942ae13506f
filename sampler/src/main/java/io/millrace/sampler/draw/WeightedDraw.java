package io.millrace.sampler.draw;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Draws by weight without replacement: the key of an edge is {@code -ln(u) / weight} (algorithm
 * A-Res of Efraimidis and Spirakis, "Weighted random sampling with a reservoir", IPL 2006). It
 * needs no table, reads the weights of a row once and in order, and works on any part of a row.
 *
 * <p>Most logarithms are not needed: as {@code -ln(u) >= 1 - u}, an edge is out if {@code 1 - u} is
 * at least {@code weight * bound}. A row of {@code d} edges takes about {@code k (1 + ln(d / k))}
 * logarithms. {@code StrictMath.log} gives the same bits on every machine; {@code Math.log} may
 * not, and would order two keys differently.
 *
 * <p>The scale is {@code weight / (1 - exp(-weight * t))}, {@code t} being the first key that is
 * out (rank conditioning: Cohen and Kaplan, "Tighter estimation using bottom k sketches", VLDB
 * 2008); it is the weight itself if nothing is out.
 */
final class WeightedDraw extends BottomKDraw {
  private static final double ULP = 0x1p-53;

  /** More than the error of the bound and of its product, so that no edge is out by rounding. */
  private static final double SLACK = 1 + 1e-12;

  private final MemorySegment weights;
  private final boolean estimate;
  private final float[] block = new float[BatchRandom.MAX_COUNT];
  private double threshold;

  WeightedDraw(MemorySegment weights, boolean estimate) {
    this.weights = weights;
    this.estimate = estimate;
  }

  @Override
  int extraKeys() {
    return estimate ? 1 : 0;
  }

  @Override
  void margins(long key, long offset, int from, int count, double[] margins) {
    final long[] bits = this.bits;
    final float[] block = this.block;
    final double slackBound = bound * SLACK;
    BatchRandom.bits(key, from, bits, count);
    MemorySegment.copy(weights, JAVA_FLOAT, (offset + from) * Float.BYTES, block, 0, count);
    for (int i = 0; i < count; i++) { // a weight of 0 gives 0 or more, or NaN
      margins[i] = (~bits[i] >>> 11) * ULP - block[i] * slackBound;
    }
  }

  @Override
  void offer(long offset, int rank, int i) {
    double weight = block[i];
    if ((~bits[i] >>> 11) * ULP < weight * (bound * SLACK)) {
      double key = -StrictMath.log(BatchRandom.unit(bits[i])) / weight;
      if (key < bound) {
        keep(key, rank);
      }
    }
  }

  @Override
  int whole(long offset, int begin, int end, long[] out, int from) {
    int to = from;
    for (long position = offset + begin; position < offset + end; position++) {
      if (weights.getAtIndex(JAVA_FLOAT, position) > 0) {
        out[to++] = position;
      }
    }
    return to;
  }

  @Override
  void end(double firstOut) {
    threshold = firstOut;
  }

  @Override
  public void scale(long[] positions, int from, int to, float[] scale) {
    for (int i = from; i < to; i++) {
      double weight = weights.getAtIndex(JAVA_FLOAT, positions[i]);
      scale[i] =
          threshold == Double.POSITIVE_INFINITY
              ? (float) weight
              : (float) (weight / -StrictMath.expm1(-weight * threshold));
    }
  }
}
