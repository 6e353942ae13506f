package io.millrace.spark;

import static io.millrace.spark.LocalSpark.row;
import static io.millrace.spark.LocalSpark.schema;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.ogb.OgbImporter;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyType;
import io.millrace.sampler.Fanout;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.inference.InferenceListener;
import io.millrace.training.inference.InferenceMode;
import io.millrace.training.inference.OutputOptions;
import io.millrace.training.models.ModelKind;
import io.millrace.transfer.DeviceChoice;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains and scores on Spark, in this process, and compares with the trainer and the inference. */
@Tag("exhaustive")
class MillraceClassifierTest {
  private static final int NUM_NODES = PlantedGraph.NUM_NODES;
  private static final int EPOCHS = 3;

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static PlantedGraph planted;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session("local[3]");
    planted = PlantedGraph.in(data());
  }

  private static Path data() {
    return folder.resolve("planted");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static MillraceClassifier classifier(int numWorkers) {
    return planted.classifier(numWorkers, EPOCHS);
  }

  private static Dataset<Row> ids() {
    return planted.ids(spark);
  }

  @Test
  void weightsAreThoseOfOneProcessForAnyNumberOfWorkers() throws IOException {
    byte[] expected = planted.trainedAlone(EPOCHS);
    for (int numWorkers = 1; numWorkers <= 3; numWorkers++) {
      MillraceModel model = classifier(numWorkers).fit(ids());
      assertArrayEquals(expected, model.file(), numWorkers + " workers");
      assertEquals(EPOCHS, model.numEpochs());
    }
  }

  @Test
  void transformsToWhatInferenceWrites() throws IOException {
    MillraceModel model = classifier(2).fit(ids()).setEmbeddingCol("embedding");
    List<Row> rows = model.transform(ids()).collectAsList();
    assertEquals(NUM_NODES, rows.size());
    Path saved = Files.createTempDirectory(folder, "model");
    Files.write(saved.resolve("model.safetensors"), model.file());
    Path out = folder.resolve("inferred");
    try (GraphDataset graph = GraphDataset.open(data());
        GraphInference inference =
            GraphInference.builder(graph, ModelFile.read(saved))
                .embeddings(true)
                .computeThreads(1)
                .device(DeviceChoice.CPU)
                .build()) {
      inference.run(out, OutputOptions.PREDICTIONS.scores(true), InferenceListener.NONE);
    }
    try (Arena arena = Arena.ofConfined()) {
      var classes = NpyArray.map(out.resolve("predictions.npy"), NpyType.INT32, 1, arena).data();
      var scores = NpyArray.map(out.resolve("scores.npy"), NpyType.FLOAT32, 2, arena).data();
      for (Row row : rows) {
        int node = (int) row.getLong(0);
        assertEquals(classes.getAtIndex(ValueLayout.JAVA_INT, node), row.getDouble(1));
        Vector probability = row.getAs("probability");
        assertEquals(
            scores.getAtIndex(ValueLayout.JAVA_FLOAT, (long) node * probability.size()),
            probability.apply(0));
        assertEquals(16, row.<Vector>getAs("embedding").size());
      }
    }
    Path target = folder.resolve("saved-model");
    save(model, target);
    MillraceModel loaded = MillraceModel.load(target.toString());
    assertArrayEquals(model.file(), loaded.file());
    assertEquals(rows, loaded.transform(ids()).collectAsList());
  }

  @Test
  void sampledScoresAreThoseOfASampledInference() throws IOException {
    MillraceModel model = classifier(1).fit(ids()).setScoring("sampled").setEvalFanout(4, 4);
    Path spark = folder.resolve("sampled-by-spark");
    assertEquals(NUM_NODES, model.setScoringPath(spark.toString()).transform(ids()).count());
    Path out = folder.resolve("sampled");
    try (GraphDataset graph = GraphDataset.open(data());
        GraphInference inference =
            GraphInference.builder(graph, ModelFile.ofBytes(model.file()))
                .mode(InferenceMode.sampled(Fanout.of(4, 4)))
                .seed(7)
                .computeThreads(1)
                .device(DeviceChoice.CPU)
                .build()) {
      inference.run(out, OutputOptions.PREDICTIONS.scores(true), InferenceListener.NONE);
    }
    for (String file : List.of("predictions.npy", "scores.npy")) {
      assertArrayEquals(
          Files.readAllBytes(out.resolve(file)), Files.readAllBytes(spark.resolve(file)), file);
    }
  }

  @Test
  void aRealGraphIsLearnedAsByTheTrainer() throws IOException {
    Path source = Path.of(System.getProperty("millrace.test.data", "none"), "facebook-pagepage");
    assumeTrue(Files.isDirectory(source), "no such folder: " + source);
    Path pages = folder.resolve("pages");
    ImportOptions options = ImportOptions.defaults().withUndirected(true);
    OgbImporter.importFolder(source, pages, options, Progress.NONE);
    MillraceModel model =
        new MillraceClassifier()
            .setDataset(pages.toString())
            .setHidden(64)
            .setFanout(10, 10)
            .setMaxIter(3)
            .setVirtualNodes(2)
            .setNumWorkers(2)
            .setComputeThreads(1)
            .fit(spark.createDataFrame(List.of(row(0L)), schema("id long")));
    try (GraphDataset graph = GraphDataset.open(pages);
        GraphTrainer trainer =
            GraphTrainer.builder(graph)
                .model(ModelKind.SAGE.of(64, 2))
                .fanout(10, 10)
                .virtualNodes(2)
                .computeThreads(1)
                .device(DeviceChoice.CPU)
                .build()) {
      FitResult alone = trainer.fit(3, TrainingListener.NONE);
      assertArrayEquals(trainer.model().toBytes(), model.file());
      assertEquals(alone.testMetric(), model.testMetric());
      assertTrue(model.testMetric() > .85, "accuracy: " + model.testMetric());
    }
  }

  private static void save(MillraceModel model, Path target) {
    try {
      model.save(target.toString());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void estimatorIsSavedAndCopiedWithItsParameters() throws IOException {
    MillraceClassifier estimator = classifier(2);
    Path target = folder.resolve("saved-estimator");
    estimator.save(target.toString());
    MillraceClassifier loaded = MillraceClassifier.load(target.toString());
    assertEquals(estimator.explainParams(), loaded.explainParams());
    assertTrue(estimator.explainParams().contains("fanout: neighbours to sample per layer"));
    MillraceClassifier copy = estimator.copy(new ParamMap().put(estimator.hidden(), 99));
    assertEquals(99, copy.getOrDefault(copy.hidden()));
    assertEquals(7L, copy.getOrDefault(copy.seed()));
  }

  @Test
  void labelsAndSplitsOfATableTakeTheDatasetsPlace() throws IOException {
    List<Row> own = new ArrayList<>();
    List<Row> shifted = new ArrayList<>();
    try (GraphDataset graph = GraphDataset.open(data())) {
      String[] split = new String[NUM_NODES];
      for (Split it : Split.values()) {
        for (int v : graph.nodes(it)) {
          split[v] = it.fileName();
        }
      }
      int numClasses = graph.labels().numClasses();
      for (int v = 0; v < NUM_NODES; v++) {
        int label = graph.labels().get(v);
        own.add(row((long) v, (double) label, split[v]));
        shifted.add(row((long) v, (double) ((label + 1) % numClasses), split[v]));
      }
    }
    var columns = schema("id long", "label double", "split string");
    assertArrayEquals(
        planted.trainedAlone(EPOCHS),
        classifier(2).fit(spark.createDataFrame(own, columns)).file());
    Dataset<Row> other = spark.createDataFrame(shifted, columns);
    MillraceModel model = classifier(2).setMaxIter(12).fit(other);
    double accuracy =
        new MulticlassClassificationEvaluator()
            .setMetricName("accuracy")
            .evaluate(model.transform(other));
    assertTrue(accuracy > .6, "accuracy of the shifted labels: " + accuracy);
  }

  @Test
  void aPipelineAndACrossValidatorUseIt() throws IOException {
    List<Row> rows = new ArrayList<>();
    try (GraphDataset graph = GraphDataset.open(data())) {
      for (int v = 0; v < NUM_NODES; v++) {
        rows.add(row((long) v, (double) graph.labels().get(v)));
      }
    }
    Dataset<Row> table = spark.createDataFrame(rows, schema("id long", "label double"));
    MillraceClassifier estimator = classifier(1).setMaxIter(1);
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {estimator}).fit(table);
    assertEquals(NUM_NODES, pipeline.transform(table).count());
    CrossValidatorModel best =
        new CrossValidator()
            .setEstimator(estimator)
            .setEstimatorParamMaps(
                new ParamGridBuilder().addGrid(estimator.hidden(), new int[] {4, 16}).build())
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
            .setNumFolds(2)
            .fit(table);
    assertEquals(2, best.avgMetrics().length);
    assertEquals(NUM_NODES, best.transform(table).count());
  }

  @Test
  void refusesWhatCannotWorkInOneLine() {
    assertEquals(
        "each worker needs a slot of the cluster: numWorkers=4, slots=3, cores of a slot=1",
        assertThrows(BadInputException.class, () -> classifier(4).fit(ids())).getMessage());
    assertEquals(
        "table has no such column: column=node, columns=id",
        assertThrows(BadInputException.class, () -> classifier(1).setIdCol("node").fit(ids()))
            .getMessage());
    assertEquals(
        "no such model: model=transformer",
        assertThrows(
                BadInputException.class, () -> classifier(1).setModel("transformer").fit(ids()))
            .getMessage());
    Dataset<Row> unknown =
        spark.createDataFrame(
            List.of(row((long) NUM_NODES, 1.0)), schema("id long", "label double"));
    assertEquals(
        "the dataset has no such node: id=" + NUM_NODES,
        assertThrows(BadInputException.class, () -> classifier(1).fit(unknown)).getMessage());
    Dataset<Row> twice =
        spark.createDataFrame(
            List.of(row(5L, 1.0), row(6L, 1.0), row(5L, 0.0)), schema("id long", "label double"));
    assertEquals(
        "a node is in two rows: node=5",
        assertThrows(BadInputException.class, () -> classifier(1).fit(twice.repartition(3)))
            .getMessage());
  }
}
