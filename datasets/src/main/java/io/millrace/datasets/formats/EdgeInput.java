package io.millrace.datasets.formats;

import io.millrace.Internal;
import io.millrace.datasets.csr.EdgeSource;

/** An {@link EdgeSource} that reads files: who opened it closes it. */
@Internal
public interface EdgeInput extends EdgeSource, AutoCloseable {
  /** When all edges are read: checks that there are as many as the source says. */
  default void end(long found) {}

  @Override
  void close();
}
