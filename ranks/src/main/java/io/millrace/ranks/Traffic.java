package io.millrace.ranks;

/**
 * What the operations of a {@link Collective} have cost this rank so far.
 *
 * @param operations that were begun
 * @param bytesSent payload and headers
 * @param bytesReceived payload and headers
 * @param waitNanos time within operations that the rank waited for others
 */
public record Traffic(long operations, long bytesSent, long bytesReceived, long waitNanos) {
  /** Nothing was sent. */
  public static final Traffic NONE = new Traffic(0, 0, 0, 0);
}
