package io.millrace.spark;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A session of Spark in this process, for tests. */
final class LocalSpark {
  private LocalSpark() {}

  static SparkSession session(String master) {
    return SparkSession.builder()
        .master(master)
        .appName("millrace-test")
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", 3)
        .config("spark.scheduler.minRegisteredResourcesRatio", 1)
        .config("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
        .getOrCreate();
  }

  static Row row(Object... values) {
    return RowFactory.create(values);
  }

  /** {@code schema("src long", "dst long")}. */
  static StructType schema(String... columns) {
    return DataTypes.createStructType(
        List.of(columns).stream()
            .map(
                column -> {
                  String[] parts = column.split(" ");
                  var type =
                      switch (parts[1]) {
                        case "long" -> DataTypes.LongType;
                        case "int" -> DataTypes.IntegerType;
                        case "float" -> DataTypes.FloatType;
                        case "double" -> DataTypes.DoubleType;
                        case "floats" -> DataTypes.createArrayType(DataTypes.FloatType);
                        default -> DataTypes.StringType;
                      };
                  return DataTypes.createStructField(parts[0], type, true);
                })
            .toList());
  }
}
