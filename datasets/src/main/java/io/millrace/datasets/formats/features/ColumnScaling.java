package io.millrace.datasets.formats.features;

import io.millrace.Internal;

/**
 * Standardises columns: subtracts the column's mean from each value and divides by the column's
 * standard deviation, both over all rows. A column of equal values becomes zeros.
 *
 * <p>Mean and squares are computed by Welford's method (Technometrics 1962), which loses no digits
 * where the mean is far from 0: after row n, {@code mean += d / n} and {@code squares += d * (x -
 * mean)}, where d is x minus the previous mean. The deviation divides by the number of rows, as
 * scikit-learn's StandardScaler does. Used by one thread.
 */
@Internal
public final class ColumnScaling {
  private final double[] mean;
  private final double[] squares;
  private long numRows;

  public ColumnScaling(int dim) {
    mean = new double[dim];
    squares = new double[dim];
  }

  /** Adds a row to the statistics. */
  public void add(float[] row) {
    numRows++;
    for (int column = 0; column < row.length; column++) {
      double before = row[column] - mean[column];
      mean[column] += before / numRows;
      squares[column] += before * (row[column] - mean[column]);
    }
  }

  /** Standardises a row in place. Called once all rows have been added. */
  public void apply(float[] row) {
    for (int column = 0; column < row.length; column++) {
      double deviation = Math.sqrt(squares[column] / numRows);
      double centred = row[column] - mean[column];
      row[column] = (float) (deviation > 0 ? centred / deviation : 0);
    }
  }
}
