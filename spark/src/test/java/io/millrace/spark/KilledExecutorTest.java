package io.millrace.spark;

import static io.millrace.spark.LocalSpark.row;
import static io.millrace.spark.LocalSpark.schema;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.spark.cluster.EventLog;
import io.millrace.spark.cluster.ExecutorKiller;
import io.millrace.spark.cluster.StandaloneCluster;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.OutputOptions;
import io.millrace.transfer.DeviceChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills executors of a standalone cluster by {@code kill -9} in each stage. The results must have
 * the bytes that they have without, and Spark's event log must show the loss and the retry.
 */
@Tag("exhaustive")
class KilledExecutorTest {
  private static final int EPOCHS = 40;
  private static final int MAX_STAGES = 40;

  /** The training may be over before the signal arrives; then it is repeated. */
  private static final int TRIES = 5;

  @TempDir private static Path folder;
  private static StandaloneCluster cluster;
  private static PlantedGraph planted;
  private static byte[] trained;

  @BeforeAll
  static void start() throws IOException {
    planted = PlantedGraph.in(folder.resolve("planted"));
    trained = planted.trainedAlone(EPOCHS);
    cluster = StandaloneCluster.start(folder.resolve("cluster"), List.of("0", "0"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Work on a cluster some of whose stages lose an executor. */
  private interface Work {
    void run(SparkSession spark, Path orders) throws IOException;
  }

  private static EventLog logOf(Work work) throws IOException {
    Path orders = Files.createTempDirectory(folder, "orders");
    SparkSession spark = cluster.session(ExecutorKiller.settings(orders));
    String id = spark.sparkContext().applicationId();
    try {
      work.run(spark, orders);
    } finally {
      spark.stop();
    }
    return cluster.eventLog(id);
  }

  /** Orders a death in each of the next stages; returns the stages that had one. */
  private static Set<Integer> withDeaths(SparkSession spark, Path orders, Runnable work)
      throws IOException {
    int first = ExecutorKiller.nextStage(JavaSparkContext.fromSparkContext(spark.sparkContext()));
    Set<Integer> stages = new TreeSet<>();
    for (int stage = first; stage < first + MAX_STAGES; stage++) {
      ExecutorKiller.order(orders, stage, null);
      stages.add(stage);
    }
    work.run();
    Set<Integer> left = ExecutorKiller.withdraw(orders);
    stages.removeAll(left);
    assertTrue(!left.isEmpty(), "more stages than expected");
    return stages;
  }

  private static void assertLostAndTriedAgain(Set<Integer> stages, EventLog log) {
    assertTrue(log.numExecutorsRemoved() >= stages.size(), "removed: " + log.numExecutorsRemoved());
    assertTrue(log.stagesWithLostExecutor().containsAll(stages), stages + " were to lose one");
    assertTrue(log.stagesWithRetry().containsAll(stages), stages + " were to be tried again");
  }

  @Test
  void aGraphThatIsBuiltMeanwhileIsTheSame() throws IOException {
    Path whole = folder.resolve("whole");
    Path hurt = folder.resolve("hurt");
    Set<Integer> stages = new TreeSet<>();
    EventLog log =
        logOf(
            (spark, orders) -> {
              GraphTables.write(nodes(spark), edges(spark), whole.toString(), true);
              stages.addAll(
                  withDeaths(
                      spark,
                      orders,
                      () -> GraphTables.write(nodes(spark), edges(spark), hurt.toString(), true)));
            });
    assertTrue(stages.size() >= 4, "stages: " + stages);
    assertLostAndTriedAgain(stages, log);
    try (Stream<Path> files = Files.walk(whole)) {
      for (Path file : files.filter(it -> it.toString().endsWith(".npy")).toList()) {
        assertArrayEquals(
            Files.readAllBytes(file),
            Files.readAllBytes(hurt.resolve(whole.relativize(file))),
            file.toString());
      }
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.filter(it -> it.toString().contains(".pieces-")).toList());
    }
  }

  private static Dataset<Row> nodes(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (int v = 0; v < 300; v++) {
      rows.add(row("n" + v, List.of(v / 4f, 1f), "c" + v % 3, v % 2 == 0 ? "train" : "valid"));
    }
    return spark.createDataFrame(
        rows, schema("id string", "features floats", "label string", "split string"));
  }

  private static Dataset<Row> edges(SparkSession spark) {
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int e = 0; e < 3000; e++) {
      rows.add(row("n" + random.nextInt(300), "n" + random.nextInt(300)));
    }
    return spark.createDataFrame(rows, schema("src string", "dst string"));
  }

  @Test
  void aTrainingResumesFromItsCheckpointAndHasTheSameWeights() throws IOException {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      Path saved = folder.resolve("model-" + attempt);
      int[] stage = {0};
      EventLog log =
          logOf(
              (spark, orders) -> {
                stage[0] =
                    ExecutorKiller.nextStage(
                        JavaSparkContext.fromSparkContext(spark.sparkContext()));
                ExecutorKiller.order(orders, stage[0], saved.resolve("checkpoint.safetensors"));
                MillraceModel model =
                    planted
                        .classifier(2, EPOCHS)
                        .setCheckpointPath(saved.toString())
                        .fit(planted.ids(spark));
                assertArrayEquals(trained, model.file());
              });
      if (log.attempt(stage[0]) > 0) {
        assertTrue(log.stagesWithLostExecutor().contains(stage[0]));
        assertTrue(log.stagesWithRetry().contains(stage[0]));
        assertTrue(cluster.executorsSaid("begins at epoch [1-9]"), "nothing was resumed");
        return;
      }
    }
    throw new AssertionError("no executor was killed in time: tries=" + TRIES);
  }

  @Test
  void eachPassOfAnInferenceHasTheSameScores() throws IOException {
    Path out = folder.resolve("scores");
    Set<Integer> stages = new TreeSet<>();
    AtomicLong numRows = new AtomicLong();
    EventLog log =
        logOf(
            (spark, orders) -> {
              MillraceModel model =
                  new MillraceModel("m", trained)
                      .setDataset(planted.directory().toString())
                      .setComputeThreads(1)
                      .setScoringPath(out.toString());
              Dataset<Row> ids = planted.ids(spark);
              stages.addAll(withDeaths(spark, orders, () -> model.transform(ids)));
              numRows.set(model.transform(ids).count());
            });
    assertTrue(stages.size() >= 4, "count, two layers or more, and results: " + stages);
    assertLostAndTriedAgain(stages, log);
    Path expected = inferredAlone();
    for (String file : List.of("predictions.npy", "scores.npy")) {
      assertArrayEquals(
          Files.readAllBytes(expected.resolve(file)), Files.readAllBytes(out.resolve(file)), file);
    }
    assertEquals(PlantedGraph.NUM_NODES, numRows.get());
  }

  @Test
  void aPartitionThatDoesNotFitIsNamedInOneLine() throws IOException {
    SparkSession spark =
        cluster.session(Map.of("spark.task.maxFailures", "1", "spark.executor.memory", "512m"));
    try { // one partition of equal rows, of which 9 bytes each are held
      Dataset<Row> rows =
          spark.range(0, 1L << 26, 1, 1).selectExpr("id % 2 as id", "cast(0 as double) as label");
      assertEquals(
          "a task needs more memory than an executor has; repartition a skewed table, or raise"
              + " spark.executor.memory: partition=0",
          assertThrows(BadInputException.class, () -> planted.classifier(1, 1).fit(rows))
              .getMessage());
    } finally {
      spark.stop();
    }
  }

  private static Path inferredAlone() throws IOException {
    Path out = folder.resolve("inferred");
    try (GraphDataset graph = GraphDataset.open(planted.directory());
        GraphInference inference =
            GraphInference.builder(graph, ModelFile.ofBytes(trained))
                .computeThreads(1)
                .device(DeviceChoice.CPU)
                .build()) {
      inference.run(out, OutputOptions.PREDICTIONS.scores(true), InferenceListener.NONE);
    }
    return out;
  }
}
