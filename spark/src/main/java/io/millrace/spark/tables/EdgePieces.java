package io.millrace.spark.tables;

import io.millrace.BadInputException;
import io.millrace.datasets.EdgeColumns;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * Writes sorted edges as pieces, a partition a task: sources, attributes, and how many edges each
 * destination has. A row that two partitions share has a count in both.
 *
 * @param numbers of the input's rows, where edges have ids
 * @param featureDim values per edge; 0 = without features
 * @param dropDuplicates the first of equal edges is kept
 */
record EdgePieces(
    Pieces pieces,
    RowNumbers numbers,
    boolean ids,
    boolean times,
    boolean weights,
    int featureDim,
    boolean dropDuplicates)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  static final String SOURCES = "sources";
  static final String IDS = "edge-ids";
  static final String TIMES = "edge-times";
  static final String WEIGHTS = "edge-weights";
  static final String FEATURES = "edge-features";

  /** Pairs of int32: a destination, and how many of the partition's edges it has. */
  static final String DEGREES = "degrees";

  private static final int DST = 0;
  private static final int SRC = 1;
  private static final int POSITION = 2;
  private static final int PROBLEM = 3;
  private static final int WEIGHT = 4;
  private static final int TIME = 5;
  private static final int FEATURE = 6;

  EdgePieces(Pieces pieces, RowNumbers numbers, EdgeColumns columns, boolean dropDuplicates) {
    this(
        pieces,
        numbers,
        columns.ids(),
        columns.times(),
        columns.weights(),
        columns.featureDim(),
        dropDuplicates);
  }

  /** Returns the number of edges that were written. */
  long write(Dataset<Row> sorted) {
    return sorted
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitionsWithIndex(this::writePartition, false)
        .collect()
        .stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private Iterator<Long> writePartition(int partition, Iterator<InternalRow> rows)
      throws IOException {
    try (Pieces.Writer sources = pieces.write(SOURCES, partition);
        Pieces.Writer edgeIds = pieces.write(IDS, partition);
        Pieces.Writer edgeTimes = pieces.write(TIMES, partition);
        Pieces.Writer edgeWeights = pieces.write(WEIGHTS, partition);
        Pieces.Writer features = pieces.write(FEATURES, partition);
        Pieces.Writer degrees = pieces.write(DEGREES, partition)) {
      int lastDst = -1;
      int lastSrc = -1;
      int degree = 0;
      long count = 0;
      while (rows.hasNext()) {
        InternalRow row = rows.next();
        requireSound(row);
        int dst = row.getInt(DST);
        int src = row.getInt(SRC);
        if (dropDuplicates && dst == lastDst && src == lastSrc) {
          continue;
        }
        if (dst != lastDst && degree > 0) {
          degrees.putInt(lastDst);
          degrees.putInt(degree);
          degree = 0;
        }
        lastDst = dst;
        lastSrc = src;
        degree++;
        count++;
        sources.putInt(src);
        if (ids) {
          edgeIds.putLong(numbers.of(row.getLong(POSITION)));
        }
        if (times) {
          edgeTimes.putLong(row.getLong(TIME));
        }
        if (weights) {
          edgeWeights.putFloat(row.getFloat(WEIGHT));
        }
        if (featureDim > 0) {
          writeFeatures(row, features);
        }
      }
      if (degree > 0) {
        degrees.putInt(lastDst);
        degrees.putInt(degree);
      }
      for (Pieces.Writer part :
          List.of(sources, edgeIds, edgeTimes, edgeWeights, features, degrees)) {
        part.commit();
      }
      return List.of(count).iterator();
    }
  }

  private void writeFeatures(InternalRow row, Pieces.Writer out) throws IOException {
    ArrayData values = row.isNullAt(FEATURE) ? null : row.getArray(FEATURE);
    int found = values == null ? 0 : values.numElements();
    if (found != featureDim) {
      throw BadInputException.of(
          "all edges need equally many features",
          "src node",
          row.getInt(SRC),
          "dst node",
          row.getInt(DST),
          "features",
          found,
          "first row",
          featureDim);
    }
    for (int i = 0; i < found; i++) {
      if (values.isNullAt(i)) {
        throw BadInputException.of(
            "a feature is null",
            "src node",
            row.getInt(SRC),
            "dst node",
            row.getInt(DST),
            "column",
            i);
      }
      out.putFloat(values.getFloat(i));
    }
  }

  private void requireSound(InternalRow row) {
    if (!row.isNullAt(PROBLEM)) {
      throw BadInputException.of(
          "an edge names no node of the node table", "edge", row.getUTF8String(PROBLEM));
    }
    if (times && row.isNullAt(TIME)) {
      throw BadInputException.of(
          "an edge has no time", "src node", row.getInt(SRC), "dst node", row.getInt(DST));
    }
    if (weights && (row.isNullAt(WEIGHT) || !Float.isFinite(row.getFloat(WEIGHT)))) {
      throw BadInputException.of(
          "an edge has no finite weight", "src node", row.getInt(SRC), "dst node", row.getInt(DST));
    }
  }
}
