package io.millrace.sampler.draw;

import static io.millrace.SplitMix64.GOLDEN;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.SplitMix64;
import java.lang.foreign.MemorySegment;

/**
 * Draws the edges whose sources have the smallest random numbers, see {@link Draw.Labor}. The key
 * of an edge is its source's number at this hop; parallel edges share it.
 */
final class LaborDraw extends BottomKDraw {
  /** The part of a batch's seed that the numbers of sources are derived from. */
  private static final int PURPOSE = -2;

  /** Long enough that what a call costs hardly counts; it stays in the first level of cache. */
  private static final int MAX_BLOCK = 1 << 10;

  private static final int COMPARED_BITS = 30;

  private static final int IDS_PER_LINE = 16;

  /** What {@link #readAhead} reads of a row; of a longer row the processor fetches the rest. */
  private static final int MAX_AHEAD = 8 * IDS_PER_LINE;

  private final MemorySegment indices;
  private final boolean layerDependent;

  /** Scratch: the sources of a block. */
  private final int[] sources = new int[MAX_BLOCK];

  /** Keeps the reads ahead from being left out. */
  private int lastRead;

  private long hopKey;

  LaborDraw(MemorySegment indices, boolean layerDependent) {
    super(MAX_BLOCK, false);
    this.indices = indices;
    this.layerDependent = layerDependent;
  }

  @Override
  public void begin(long batchSeed, int hop) {
    hopKey = BatchRandom.key(BatchRandom.key(batchSeed, PURPOSE), layerDependent ? 0 : hop);
  }

  @Override
  public void readAhead(
      long hopKey, int[] nodes, int begin, int end, long[] starts, long[] lengths, int k) {
    int read = 0; // independent reads, so that their cache misses overlap
    for (int i = 0; i < end - begin; i++) {
      long length = Math.min(lengths[i], MAX_AHEAD);
      for (long rank = 0; rank < length; rank += IDS_PER_LINE) {
        read += indices.getAtIndex(JAVA_INT, starts[i] + rank);
      }
    }
    lastRead = read;
  }

  @Override
  int extraKeys() {
    return 0;
  }

  /** Keys are uniform in (0, 1]: k of n lie below k/n on average, a few fewer by chance. */
  @Override
  double firstBound(long offset, int n, int k) {
    return (k + 2 * Math.sqrt(k) + 2) / n;
  }

  /** By the upper bits of the numbers, which take a step less. */
  @Override
  void margins(long rowKey, long offset, int from, int count, double bound, int[] margins) {
    int above = bound >= 1 ? 1 << COMPARED_BITS : (int) (bound * (1 << COMPARED_BITS)) + 1;
    MemorySegment.copy(indices, JAVA_INT, (offset + from) * Integer.BYTES, sources, 0, count);
    subtract(hopKey + GOLDEN, sources, count, above, margins);
  }

  /**
   * A method of its own: as a part of the other, the loop took more than twice as long in a JVM
   * that also draws by weight.
   */
  private static void subtract(long first, int[] sources, int count, int above, int[] margins) {
    for (int i = 0; i < count; i++) {
      long upper = SplitMix64.mixUpper(first + sources[i] * GOLDEN) >>> Long.SIZE - COMPARED_BITS;
      margins[i] = (int) upper - above;
    }
  }

  @Override
  void keys(int from, int[] hits, int numHits, double[] keys, boolean rough) {
    for (int i = 0; i < numHits; i++) {
      keys[i] = key(sources[hits[i]]);
    }
  }

  @Override
  double key(long rowKey, long offset, int rank) {
    return key(indices.getAtIndex(JAVA_INT, offset + rank));
  }

  private double key(int source) {
    return BatchRandom.unit(BatchRandom.bits(hopKey, source));
  }

  @Override
  int whole(long offset, int begin, int end, long[] out, int from) {
    for (int rank = begin; rank < end; rank++) {
      out[from + rank - begin] = offset + rank;
    }
    return from + end - begin;
  }
}
