package io.millrace.slicing.cache;

/**
 * How many rows were gathered.
 *
 * @param hits rows that came from the cache
 * @param rows all rows
 */
public record HitCounts(long hits, long rows) {
  /** Before the first gather. */
  public static final HitCounts NONE = new HitCounts(0, 0);

  /** The counts of two parts together. */
  public HitCounts plus(HitCounts other) {
    return new HitCounts(hits + other.hits, rows + other.rows);
  }

  /** What was counted since an earlier time. */
  public HitCounts since(HitCounts earlier) {
    return new HitCounts(hits - earlier.hits, rows - earlier.rows);
  }

  /** The share of the rows that came from the cache, 0 to 1; NaN if there were none. */
  public double hitShare() {
    return (double) hits / rows;
  }
}
