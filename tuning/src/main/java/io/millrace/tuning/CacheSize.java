package io.millrace.tuning;

/**
 * A size that a feature cache can have.
 *
 * @param bytes of rows and index
 * @param rows in it
 * @param hitShare the share of a batch's rows that it is predicted to give, 0 to 1: h(c)
 */
public record CacheSize(long bytes, int rows, double hitShare) {
  /** No cache. */
  public static final CacheSize NONE = new CacheSize(0, 0, 0);
}
