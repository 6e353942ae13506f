package io.millrace.serving.models;

import java.util.List;

/** Where rows come from. Thread-safe. */
interface RowSource extends AutoCloseable {
  /** Completes the answers of a batch; whoever is not completed fails. */
  void compute(List<Ask> batch);

  /** Whether rows are only read, so that neither queue nor cache is of use. */
  boolean isStored();

  @Override
  void close();
}
