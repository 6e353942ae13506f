package io.millrace.bench.explore;

/**
 * Floyd's method, see the product's {@code DistinctDraw}: {@code k} distinct numbers of {@code [0,
 * n)}. The forms differ in how they ask whether a number is drawn already; the numbers are the
 * same.
 */
public abstract class Draw {
  /** Writes {@code offset + number} for each drawn number to {@code out}, from {@code from} on. */
  final void draw(long key, int n, int k, long offset, long[] out, int from) {
    if (k < n) {
      drawSome(key, n, k, offset, out, from);
    } else {
      for (int i = 0; i < n; i++) {
        out[from + i] = offset + i;
      }
    }
  }

  abstract void drawSome(long key, int n, int k, long offset, long[] out, int from);
}
