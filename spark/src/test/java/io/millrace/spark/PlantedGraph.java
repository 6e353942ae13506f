package io.millrace.spark;

import static io.millrace.spark.LocalSpark.row;
import static io.millrace.spark.LocalSpark.schema;

import io.millrace.Progress;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.generator.GeneratorOptions;
import io.millrace.datasets.generator.GraphGenerator;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainingListener;
import io.millrace.training.models.ModelKind;
import io.millrace.transfer.DeviceChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A graph with communities, and a training on it: by Spark, and by the trainer in this process.
 *
 * @param directory of the dataset
 */
record PlantedGraph(Path directory) {
  static final int NUM_NODES = 1200;

  static PlantedGraph in(Path directory) {
    GraphGenerator.PLANTED.generate(
        GeneratorOptions.of(NUM_NODES, 6 * NUM_NODES)
            .withUndirected(true)
            .withFeatures(16, FeatureType.FLOAT32)
            .withClasses(4),
        directory,
        Progress.NONE);
    return new PlantedGraph(directory);
  }

  MillraceClassifier classifier(int numWorkers, int epochs) {
    return new MillraceClassifier()
        .setDataset(directory.toString())
        .setHidden(16)
        .setFanout(5, 3)
        .setBatchSize(200)
        .setVirtualNodes(3)
        .setMaxIter(epochs)
        .setComputeThreads(1)
        .setSeed(7)
        .setNumWorkers(numWorkers);
  }

  /** All nodes, without a column of labels or splits: they are the dataset's. */
  Dataset<Row> ids(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (long v = 0; v < NUM_NODES; v++) {
      rows.add(row(v));
    }
    return spark.createDataFrame(rows, schema("id long"));
  }

  /** The file of the model that one process trains. */
  byte[] trainedAlone(int epochs) throws IOException {
    try (GraphDataset graph = GraphDataset.open(directory);
        GraphTrainer trainer =
            GraphTrainer.builder(graph)
                .model(ModelKind.SAGE.of(16, 2))
                .fanout(5, 3)
                .batchSize(200)
                .virtualNodes(3)
                .computeThreads(1)
                .seed(7)
                .device(DeviceChoice.CPU)
                .build()) {
      trainer.fit(epochs, TrainingListener.NONE);
      return trainer.model().toBytes();
    }
  }
}
