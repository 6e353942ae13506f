package io.millrace.spark.tables;

import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/**
 * The numbers of a table's rows, in the order of its partitions.
 *
 * @param first the number of each partition's first row, and behind them the number of rows
 */
record RowNumbers(long[] first) implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** Bits of the row within a partition, in what {@code monotonically_increasing_id} gives. */
  private static final int ROW_BITS = 33;

  /** Counts the rows of each partition: one pass over the table. */
  static RowNumbers of(JavaRDD<Row> rows) {
    List<Long> counts =
        rows.mapPartitions(
                partition -> {
                  long count = 0;
                  for (; partition.hasNext(); partition.next()) {
                    count++;
                  }
                  return List.of(count).iterator();
                })
            .collect();
    long[] first = new long[counts.size() + 1];
    for (int partition = 0; partition < counts.size(); partition++) {
      first[partition + 1] = first[partition] + counts.get(partition);
    }
    return new RowNumbers(first);
  }

  /** The number of a row that {@code monotonically_increasing_id} has marked. */
  long of(long increasingId) {
    return first[(int) (increasingId >>> ROW_BITS)] + (increasingId & (1L << ROW_BITS) - 1);
  }

  long numRows() {
    return first[first.length - 1];
  }
}
