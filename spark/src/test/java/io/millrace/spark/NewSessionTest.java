package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.spark.cluster.SparkProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process and cluster than those that saved a model use it, and train it again. */
@Tag("exhaustive")
class NewSessionTest {
  private static final String DYNAMIC = "spark.dynamicAllocation.enabled";

  @TempDir private Path folder;

  @Test
  void aSavedModelScoresAndASavedEstimatorTrainsAsInTheSessionBefore() throws IOException {
    PlantedGraph planted = PlantedGraph.in(folder.resolve("planted"));
    Path savedModel = folder.resolve("saved-model");
    Path savedEstimator = folder.resolve("saved-estimator");
    List<Row> rows;
    byte[] weights;
    SparkSession spark = LocalSpark.session("local[2]");
    try {
      MillraceClassifier estimator = planted.classifier(2, 2);
      estimator.save(savedEstimator.toString());
      MillraceModel model = estimator.fit(planted.ids(spark));
      model.save(savedModel.toString());
      weights = model.file();
      rows = model.transform(planted.ids(spark)).collectAsList();
    } finally {
      spark.stop();
    }
    Path results = Files.createDirectory(folder.resolve("results"));
    try (SparkProcesses processes = new SparkProcesses(folder.resolve("processes"))) {
      processes.drive(
          LoadedApart.class,
          "512m",
          "local-cluster[2,1,1024]",
          List.of(
              planted.directory().toString(),
              savedModel.toString(),
              savedEstimator.toString(),
              results.toString()));
    }
    assertEquals(
        rows.stream().map(Row::toString).toList(),
        Files.readAllLines(results.resolve(LoadedApart.ROWS)));
    assertArrayEquals(weights, Files.readAllBytes(results.resolve(LoadedApart.MODEL)));
  }

  @Test
  void aSessionThatAllocatesExecutorsDynamicallyIsRefused() {
    PlantedGraph planted = PlantedGraph.in(folder.resolve("planted"));
    SparkSession spark = LocalSpark.session("local[2]");
    try {
      spark.sparkContext().conf().set(DYNAMIC, "true");
      assertEquals(
          "the ranks of a training start together, which dynamic allocation does not allow: "
              + DYNAMIC
              + "=true",
          assertThrows(
                  BadInputException.class, () -> planted.classifier(2, 1).fit(planted.ids(spark)))
              .getMessage());
    } finally {
      spark.stop();
    }
  }
}
