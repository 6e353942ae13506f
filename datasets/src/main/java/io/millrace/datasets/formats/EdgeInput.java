package io.millrace.datasets.formats;

import io.millrace.Internal;
import io.millrace.datasets.csr.EdgeSource;

/** An {@link EdgeSource} that reads files. The caller that opens it closes it. */
@Internal
public interface EdgeInput extends EdgeSource, AutoCloseable {
  /**
   * Called after the last edge: checks that there are as many as the source states.
   *
   * @param found the number of edges read
   */
  default void end(long found) {}

  @Override
  void close();
}
