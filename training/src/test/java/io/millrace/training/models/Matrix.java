package io.millrace.training.models;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;

/** Rows of doubles, for references that are read rather than fast. */
public record Matrix(double[][] rows) {
  public static Matrix of(NDArray array) {
    float[] values = array.toFloatArray();
    int columns = (int) array.getShape().get(array.getShape().dimension() - 1);
    double[][] rows = new double[values.length / columns][columns];
    for (int i = 0; i < values.length; i++) {
      rows[i / columns][i % columns] = values[i];
    }
    return new Matrix(rows);
  }

  static Matrix zeros(int height, int width) {
    return new Matrix(new double[height][width]);
  }

  public int height() {
    return rows.length;
  }

  public int width() {
    return rows[0].length;
  }

  public double[] row(int i) {
    return rows[i];
  }

  public Matrix map(DoubleUnaryOperator f) {
    return new Matrix(
        Arrays.stream(rows)
            .map(row -> Arrays.stream(row).map(f).toArray())
            .toArray(double[][]::new));
  }

  Matrix plus(Matrix other) {
    return with(other, Double::sum);
  }

  Matrix with(Matrix other, DoubleBinaryOperator f) {
    Matrix result = zeros(height(), width());
    for (int i = 0; i < height(); i++) {
      for (int j = 0; j < width(); j++) {
        result.rows[i][j] = f.applyAsDouble(rows[i][j], other.rows[i][j]);
      }
    }
    return result;
  }

  /** Adds the one row of {@code other} to every row. */
  Matrix plusRow(Matrix other) {
    Matrix result = zeros(height(), width());
    Arrays.setAll(result.rows, i -> new Matrix(new double[][] {rows[i]}).plus(other).rows[0]);
    return result;
  }

  Matrix scaledRows(IntToDoubleFunction factor) {
    Matrix result = zeros(height(), width());
    Arrays.setAll(
        result.rows, i -> Arrays.stream(rows[i]).map(x -> x * factor.applyAsDouble(i)).toArray());
    return result;
  }

  /** {@code this other^T}. */
  Matrix timesTransposed(Matrix other) {
    Matrix result = zeros(height(), other.height());
    for (int i = 0; i < height(); i++) {
      for (int j = 0; j < other.height(); j++) {
        for (int k = 0; k < width(); k++) {
          result.rows[i][j] += rows[i][k] * other.rows[j][k];
        }
      }
    }
    return result;
  }

  Matrix beside(Matrix other) {
    double[][] joined = new double[height()][];
    for (int i = 0; i < height(); i++) {
      joined[i] = Arrays.copyOf(rows[i], width() + other.width());
      System.arraycopy(other.rows[i], 0, joined[i], width(), other.width());
    }
    return new Matrix(joined);
  }

  Matrix columns(int from, int to) {
    return new Matrix(
        Arrays.stream(rows).map(row -> Arrays.copyOfRange(row, from, to)).toArray(double[][]::new));
  }
}
