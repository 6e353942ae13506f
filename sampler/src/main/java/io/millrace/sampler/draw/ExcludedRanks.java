package io.millrace.sampler.draw;

import java.util.Arrays;

/**
 * Edges that a batch must not use: per row, ranks that are left out before anything is drawn. A row
 * of {@code n} edges of which {@code m} are excluded gives edges as if it had {@code n - m}.
 *
 * <p>Rows are those of the first local ids of a batch, so usually of its seeds. Link prediction
 * excludes the edges that it predicts. Reused for batch after batch; used by one thread.
 */
public final class ExcludedRanks {
  /** A row without excluded ranks. */
  static final Row NOTHING = new ExcludedRanks().row;

  private int[] starts = new int[1];
  private int[] ranks = {};
  private int numRows;

  /** The excluded ranks of one row; reused. */
  private final Row row = new Row();

  /** Forgets all rows. */
  public void clear() {
    numRows = 0;
  }

  /** The number of rows that were added since the last {@link #clear}. */
  public int numRows() {
    return numRows;
  }

  /**
   * Adds the next row: the first call after {@link #clear} is for local id 0.
   *
   * @param excluded ranks in the row, ascending and distinct; may be none
   * @param count how many of them are used
   */
  public void addRow(int[] excluded, int count) {
    int start = starts[numRows];
    if (starts.length < numRows + 2) {
      starts = Arrays.copyOf(starts, 2 * starts.length + 1);
    }
    if (ranks.length < start + count) {
      ranks = Arrays.copyOf(ranks, Math.max(2 * ranks.length, start + count));
    }
    System.arraycopy(excluded, 0, ranks, start, count);
    starts[++numRows] = start + count;
  }

  /** Whether the row of a local id has excluded ranks. */
  public boolean has(int localId) {
    return count(localId) > 0;
  }

  /** How many ranks of the row of a local id are excluded. */
  public int count(int localId) {
    return localId < numRows ? starts[localId + 1] - starts[localId] : 0;
  }

  /** The excluded ranks of a row, valid until the next call. */
  public Row row(int localId) {
    row.begin = starts[localId];
    row.end = starts[localId + 1];
    return row;
  }

  /** The excluded ranks of one row, ascending. */
  public final class Row {
    private int begin;
    private int end;

    int count() {
      return end - begin;
    }

    int rank(int i) {
      return ranks[begin + i];
    }

    boolean contains(int rank) {
      return Arrays.binarySearch(ranks, begin, end, rank) >= 0;
    }

    /** The rank in the whole row of one that is counted without the excluded ones. */
    int skip(int rank) {
      int whole = rank;
      for (int i = begin; i < end && ranks[i] <= whole; i++) {
        whole++;
      }
      return whole;
    }
  }
}
