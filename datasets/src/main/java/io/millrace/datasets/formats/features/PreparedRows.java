package io.millrace.datasets.formats.features;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.util.Optional;

/**
 * The rows of a source with missing values filled and then normalised, all in float64. Where that
 * needs statistics of the columns, the rows are read twice: {@link #measure} reads them first.
 *
 * <p>Used by one thread. Does not close the source.
 */
@Internal
public final class PreparedRows {
  private final Normalization normalization;
  private final MissingValues missing;
  private Optional<ColumnStatistics> statistics = Optional.empty();

  public PreparedRows(Normalization normalization, MissingValues missing) {
    this.normalization = normalization;
    this.missing = missing;
  }

  /** Whether all rows have to be measured before the first is prepared. */
  public boolean needsStatistics() {
    return normalization == Normalization.COLUMN || missing == MissingValues.MEAN;
  }

  /** Reads the next row for the statistics. */
  public void measure(FeatureSource source, double[] row) {
    if (statistics.isEmpty()) {
      statistics = Optional.of(new ColumnStatistics(row.length));
    }
    source.next(row);
    if (missing != MissingValues.MEAN) {
      fill(source, row);
    }
    requireNumbers(source, row);
    statistics.get().add(row);
  }

  /**
   * Called after the last row was measured.
   *
   * @throws BadInputException if a column has no value whose mean could fill the others
   */
  public void requireMeans(FeatureSource source) {
    statistics
        .get()
        .emptyColumn()
        .ifPresent(
            column -> {
              throw source.error("feature has no values to take the mean of", "column", column + 1);
            });
  }

  /** Reads and prepares the next row. */
  public void next(FeatureSource source, double[] row) {
    source.next(row);
    fill(source, row);
    switch (normalization) {
      case NONE -> {} // the caller checks the rounded values
      case ROW -> {
        requireNumbers(source, row);
        divideBySum(row);
      }
      case COLUMN -> {
        requireNumbers(source, row);
        statistics.orElseThrow().standardise(row);
      }
    }
  }

  private void fill(FeatureSource source, double[] row) {
    for (int column = 0; column < row.length; column++) {
      if (Double.isNaN(row[column])) {
        row[column] =
            switch (missing) {
              case ZERO -> 0;
              case MEAN -> statistics.orElseThrow().mean(column);
              case ERROR ->
                  throw source.error(
                      "feature is not finite; --missing zero or mean fills what is missing",
                      "column",
                      column + 1,
                      "value",
                      row[column]);
            };
      }
    }
  }

  private static void divideBySum(double[] row) {
    double sum = 0;
    for (double value : row) {
      sum += Math.abs(value);
    }
    if (sum > 0) {
      for (int column = 0; column < row.length; column++) {
        row[column] /= sum;
      }
    }
  }

  private static void requireNumbers(FeatureSource source, double[] row) {
    for (int column = 0; column < row.length; column++) {
      if (Double.isInfinite(row[column])) {
        throw source.error("feature is not finite", "column", column + 1, "value", row[column]);
      }
    }
  }
}
