package io.millrace.spark.tables;

import io.millrace.BadInputException;
import io.millrace.Internal;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** What the columns of a table must be. Stateless. */
@Internal
public final class TableColumns {
  private TableColumns() {}

  /** Whether a table has a column of exactly this name. */
  public static boolean has(StructType schema, String column) {
    return List.of(schema.fieldNames()).contains(column);
  }

  /**
   * @throws BadInputException if the table lacks the column
   */
  public static void require(StructType schema, String column) {
    if (!has(schema, column)) {
      throw BadInputException.of(
          "table has no such column",
          "column",
          column,
          "columns",
          String.join(",", schema.fieldNames()));
    }
  }

  /**
   * Ids are whole numbers or text.
   *
   * @throws BadInputException if the table lacks the column, or it is of another type
   */
  static void requireId(StructType schema, String column) {
    require(schema, column);
    DataType type = schema.apply(column).dataType();
    if (!isInteger(type) && !(type instanceof StringType)) {
      throw BadInputException.of(
          "ids must be integers or text", "column", column, "type", type.simpleString());
    }
  }

  static boolean isInteger(DataType type) {
    return type.equals(DataTypes.LongType)
        || type.equals(DataTypes.IntegerType)
        || type.equals(DataTypes.ShortType)
        || type.equals(DataTypes.ByteType);
  }
}
