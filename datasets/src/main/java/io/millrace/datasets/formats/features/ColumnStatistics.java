package io.millrace.datasets.formats.features;

import java.util.OptionalInt;

/**
 * Mean and standard deviation of each column, over all rows, in float64. NaN is a missing value: it
 * counts as the mean of its column.
 *
 * <p>Mean and squares are computed by Welford's method (Technometrics 1962), which loses no digits
 * where the mean is far from 0: after value n, {@code mean += d / n} and {@code squares += d * (x -
 * mean)}, where d is x minus the previous mean. The deviation divides by the number of rows, as
 * scikit-learn's StandardScaler does. Used by one thread.
 */
final class ColumnStatistics {
  private final double[] mean;
  private final double[] squares;
  private final long[] counts;
  private long numRows;

  ColumnStatistics(int dim) {
    mean = new double[dim];
    squares = new double[dim];
    counts = new long[dim];
  }

  void add(double[] row) {
    numRows++;
    for (int column = 0; column < row.length; column++) {
      if (!Double.isNaN(row[column])) {
        double before = row[column] - mean[column];
        mean[column] += before / ++counts[column];
        squares[column] += before * (row[column] - mean[column]);
      }
    }
  }

  /** The first column in which every value is missing. */
  OptionalInt emptyColumn() {
    for (int column = 0; column < counts.length; column++) {
      if (counts[column] == 0) {
        return OptionalInt.of(column);
      }
    }
    return OptionalInt.empty();
  }

  double mean(int column) {
    return mean[column];
  }

  /**
   * Standardises a row in place: subtracts the column's mean from each value and divides by the
   * column's deviation. A column of equal values becomes zeros. Called once all rows are added.
   */
  void standardise(double[] row) {
    for (int column = 0; column < row.length; column++) {
      double deviation = Math.sqrt(squares[column] / numRows);
      row[column] = deviation > 0 ? (row[column] - mean[column]) / deviation : 0;
    }
  }
}
