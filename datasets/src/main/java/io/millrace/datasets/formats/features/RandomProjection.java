package io.millrace.datasets.formats.features;

import io.millrace.Internal;
import io.millrace.SplitMix64;
import java.util.Arrays;

/**
 * Reduces feature rows to fewer columns by a random matrix: the result is {@code x R / sqrt(dim)},
 * where each entry of R is 1 or -1 with the same probability.
 *
 * <p>Distances and scalar products between rows are preserved up to an error of about 1 / sqrt(dim)
 * of the rows' lengths (Achlioptas: Database-friendly random projections, Journal of Computer and
 * System Sciences 66, 2003, theorem 1.1). R is not stored: its entries are bits of a hash of (seed,
 * column, block of 64), so a value of 0 costs nothing and the result depends on nothing else. Used
 * by one thread.
 */
@Internal
public final class RandomProjection {
  private final long key;
  private final double[] sums;

  public RandomProjection(int dim, long seed) {
    key = SplitMix64.first(SplitMix64.first(seed) ^ 0x5052_4f4aL);
    sums = new double[dim];
  }

  /**
   * @param row {@code [any number of columns]}
   * @param reduced {@code [dim]}, overwritten
   */
  public void apply(float[] row, float[] reduced) {
    Arrays.fill(sums, 0);
    for (int column = 0; column < row.length; column++) {
      if (row[column] != 0) {
        add(column, row[column]);
      }
    }
    double scale = 1 / Math.sqrt(sums.length);
    for (int i = 0; i < sums.length; i++) {
      reduced[i] = (float) (sums[i] * scale);
    }
  }

  private void add(int column, double value) {
    long columnKey = SplitMix64.first(key ^ column);
    long signs = 0;
    for (int i = 0; i < sums.length; i++) {
      if (i % Long.SIZE == 0) {
        signs = SplitMix64.first(columnKey + i);
      }
      sums[i] += (signs & 1) == 0 ? value : -value;
      signs >>>= 1;
    }
  }
}
