package io.millrace.datasets.formats.features;

import io.millrace.datasets.formats.FeatureCopy;
import io.millrace.datasets.platform.Place;

/**
 * Feature rows of a source in another format, node 0 first, one at a time: {@code [numNodes x dim]}
 * as float32. {@link FeatureCopy} stores them.
 *
 * <p>Used by one thread, which closes it.
 */
public interface FeatureSource extends Place, AutoCloseable {
  /** Values per row. */
  int dim();

  /** Reads the next row; a missing row is bad input. Values may still be infinite or NaN. */
  void next(float[] row);

  /** After the last row: checks that there is no other. */
  void end();

  @Override
  void close();
}
