package io.millrace.bench.explore;

/** The graph's rows, in some memory. */
public interface Rows {
  /** Where the row of {@code node} begins; the next one's begin is its end. */
  long rowStart(int node);

  int neighbor(long position);
}
