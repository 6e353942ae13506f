package io.millrace.datasets.formats.features;

import io.millrace.BadInputException;

/**
 * Reduces feature rows to fewer columns at import, see {@link RandomProjection}.
 *
 * @param dim columns of the result, at least 1
 * @param seed determines the projection
 */
public record Reduction(int dim, long seed) {
  public Reduction {
    if (dim < 1) {
      throw BadInputException.of("features must be reduced to at least one column", "dim", dim);
    }
  }
}
