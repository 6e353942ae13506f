package io.millrace.spark;

import io.millrace.spark.cluster.SparkProcesses;
import io.millrace.training.files.ModelFile;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A driver in a process of its own: scores all nodes and sends each row on to nowhere. */
final class ScoredApart {
  /** Values of a row that it has without the embedding: the id and the prediction. */
  private static final int PLAIN_VALUES = 2;

  /** Spark refuses a small heap if it has to reserve the usual 300 MB. */
  private static final Map<String, String> SMALL_HEAP =
      Map.of("spark.testing.reservedMemory", Integer.toString(1 << 25));

  private ScoredApart() {}

  /**
   * @param args master, folder of event logs, dataset, directory of the model, directory of the
   *     scores, number of nodes, values of an embedding
   */
  public static void main(String[] args) {
    long numNodes = Long.parseLong(args[5]);
    long rowBytes = Double.BYTES * (PLAIN_VALUES + Long.parseLong(args[6]));
    long heap = Runtime.getRuntime().maxMemory();
    if (numNodes * rowBytes < 10 * heap) {
      throw new AssertionError("rows must have ten times the heap: heap=" + heap);
    }
    SparkSession spark = SparkProcesses.session(args[0], args[1], SMALL_HEAP);
    try {
      MillraceModel model =
          new MillraceModel("many", ModelFile.read(Path.of(args[3])).toBytes())
              .setDataset(args[2])
              .setComputeThreads(1)
              .setEmbeddingCol("embedding")
              .setScoringPath(args[4]);
      Dataset<Row> scored = model.transform(spark.range(numNodes).toDF("id"));
      scored.write().format("noop").mode("overwrite").save(); // all columns of all rows
    } finally {
      spark.stop();
    }
  }
}
