package io.millrace.datasets.formats.features;

import io.millrace.Internal;
import io.millrace.datasets.platform.InputLocation;

/**
 * Feature rows of a source in another format, node 0 first, one at a time: {@code [numNodes x dim]}
 * as float64. An importer stores them.
 *
 * <p>Used by one thread, which closes it.
 */
@Internal
public interface FeatureSource extends InputLocation, AutoCloseable {
  /** Values per row. */
  int dim();

  /**
   * Reads the next row; a missing row is bad input. NaN is a missing value; values may still be
   * infinite.
   */
  void next(double[] row);

  /** Called after the last row: checks that there is no further one. */
  void end();

  @Override
  void close();
}
