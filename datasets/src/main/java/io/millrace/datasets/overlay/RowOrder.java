package io.millrace.datasets.overlay;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The order of the neighbours in a row. Stateless. */
final class RowOrder {
  private RowOrder() {}

  /** Sorted, each once. */
  static int[] distinct(int... neighbors) {
    return Arrays.stream(neighbors).sorted().distinct().toArray();
  }

  /**
   * A row with more neighbours, without those that it has already. A sorted row stays sorted, as
   * importers write it; behind any other row the new ones follow.
   */
  static int[] merged(int[] row, int[] added) {
    int[] sorted = row.clone();
    Arrays.sort(sorted);
    int[] more =
        Arrays.stream(distinct(added)).filter(v -> Arrays.binarySearch(sorted, v) < 0).toArray();
    IntStream all = IntStream.concat(Arrays.stream(row), Arrays.stream(more));
    return Arrays.equals(row, sorted) ? all.sorted().toArray() : all.toArray();
  }
}
