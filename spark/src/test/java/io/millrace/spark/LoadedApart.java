package io.millrace.spark;

import io.millrace.spark.cluster.SparkProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A driver in a process of its own: loads a saved model and estimator and uses them. */
final class LoadedApart {
  /** What {@code main} writes. */
  static final String ROWS = "rows.txt";

  static final String MODEL = "model.safetensors";

  private LoadedApart() {}

  /**
   * @param args master, folder of event logs, dataset, the saved model, the saved estimator, folder
   *     of the results
   */
  public static void main(String[] args) throws IOException {
    PlantedGraph planted = new PlantedGraph(Path.of(args[2]));
    Path results = Path.of(args[5]);
    SparkSession spark = SparkProcesses.session(args[0], args[1], Map.of());
    try {
      MillraceModel model =
          MillraceModel.load(args[3]).setScoringPath(results.resolve("scores").toString());
      Files.write(
          results.resolve(ROWS),
          model.transform(planted.ids(spark)).collectAsList().stream().map(Row::toString).toList());
      MillraceClassifier estimator = MillraceClassifier.load(args[4]);
      Files.write(results.resolve(MODEL), estimator.fit(planted.ids(spark)).file());
    } finally {
      spark.stop();
    }
  }
}
