package io.millrace.datasets.formats.features;

import io.millrace.BadInputException;

/**
 * Feature rows made shorter at import, see {@link RandomProjection}.
 *
 * @param dim columns that are left, at least 1
 * @param seed what the projection follows from
 */
public record Reduction(int dim, long seed) {
  public Reduction {
    if (dim < 1) {
      throw BadInputException.of("features are reduced to at least one column", "dim", dim);
    }
  }
}
