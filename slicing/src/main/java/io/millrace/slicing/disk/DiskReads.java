package io.millrace.slicing.disk;

/**
 * What was read from disk so far.
 *
 * @param rows that were gathered
 * @param requests reads that the system was asked for; near rows share one
 * @param bytes that it has read
 * @param depth requests that were under way on average, of all threads that were reading; NaN if
 *     there were none
 * @param direct whether the reads left the page cache out
 */
public record DiskReads(long rows, long requests, long bytes, double depth, boolean direct) {
  /** Bytes per row; NaN if there were none. */
  public double bytesPerRow() {
    return (double) bytes / rows;
  }
}
