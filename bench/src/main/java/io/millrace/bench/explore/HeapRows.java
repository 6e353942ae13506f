package io.millrace.bench.explore;

/** Java arrays. */
record HeapRows(long[] indptr, int[] indices) implements Rows {
  @Override
  public long rowStart(int node) {
    return indptr[node];
  }

  @Override
  public int neighbor(long position) {
    return indices[(int) position];
  }
}
