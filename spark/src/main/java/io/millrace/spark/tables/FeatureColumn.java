package io.millrace.spark.tables;

import io.millrace.BadInputException;
import java.util.List;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;

/** A column of features: vectors, or arrays of numbers, of one length. Stateless. */
final class FeatureColumn {
  private FeatureColumn() {}

  /**
   * Values per row, known from the first one.
   *
   * @throws BadInputException if the column is of another type, or there is no row
   */
  static int dim(Dataset<Row> table, String column) {
    DataType type = table.schema().apply(column).dataType();
    boolean numbers = type instanceof ArrayType array && array.elementType() instanceof NumericType;
    if (!numbers && !isVector(type)) {
      throw BadInputException.of(
          "features must be a vector or an array of numbers", "type", type.simpleString());
    }
    List<Row> first = table.select(column).takeAsList(1);
    if (first.isEmpty()) {
      throw BadInputException.of("a table with features has no rows", "column", column);
    }
    int dim = values(first.getFirst(), 0, "first").length;
    if (dim == 0) {
      throw BadInputException.of("features have no values", "column", column, "row", "first");
    }
    return dim;
  }

  private static boolean isVector(DataType type) {
    return type.typeName().equals("vector");
  }

  /** The column as an array of float32. */
  static Column floats(Dataset<Row> table, String column) {
    Column features = table.col(column);
    return isVector(table.schema().apply(column).dataType())
        ? functions.vector_to_array(features, "float32")
        : features.cast("array<float>");
  }

  /**
   * @param id for messages
   */
  static float[] values(Row row, int column, Object id) {
    if (row.isNullAt(column)) {
      throw BadInputException.of("a row has no features", "id", id);
    }
    Object value = row.get(column);
    if (value instanceof Vector vector) {
      double[] values = vector.toArray();
      float[] floats = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats;
    }
    List<Number> values = row.getList(column);
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      if (values.get(i) == null) {
        throw BadInputException.of("a feature is null", "id", id, "column", i);
      }
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }
}
