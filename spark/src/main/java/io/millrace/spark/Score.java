package io.millrace.spark;

import io.millrace.spark.scoring.ScoringStages;
import io.millrace.training.files.ModelFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code spark-submit --class io.millrace.spark.Score}: scores all nodes, by the options of {@code
 * millrace infer}.
 */
@Command(
    name = "Score",
    description =
        "Scores all nodes on the executors; the files are those of millrace infer --scores.")
public final class Score extends SparkCommand {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory that all executors see.")
  private String dataset;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Where the model was saved.")
  private Path model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Directory of the results, which all executors see.")
  private String out;

  @Option(
      names = "--mode",
      defaultValue = "exact",
      paramLabel = "exact|sampled",
      description = "All neighbours, or --fanout (default: ${DEFAULT-VALUE}).")
  private String mode;

  @Option(names = "--fanout", paramLabel = "N,N,...", description = "Neighbours per layer.")
  private Optional<String> fanout = Optional.empty();

  @Option(names = "--embeddings", description = "Write embeddings.npy, too.")
  private boolean embeddings;

  @Option(names = "--seed", defaultValue = "0", paramLabel = "N", description = "Seed of samples.")
  private long seed;

  @Option(
      names = "--compute-threads",
      paramLabel = "N",
      description = "Threads of each task (default: spark.task.cpus).")
  private Optional<Integer> computeThreads = Optional.empty();

  public static void main(String[] args) {
    SparkCommand.main(new Score(), args);
  }

  @Override
  void run(SparkSession spark, Consumer<String> print) {
    byte[] file = ModelFile.read(model).toBytes();
    MillraceModel trained =
        new MillraceModel("score", file)
            .setDataset(dataset)
            .setScoring(mode)
            .setScoringPath(out)
            .setSeed(seed)
            .setEmbeddingCol(embeddings ? "embedding" : "");
    fanout.ifPresent(it -> trained.set(trained.evalFanout(), it));
    computeThreads.ifPresent(trained::setComputeThreads);
    ScoringStages.run(
        JavaSparkContext.fromSparkContext(spark.sparkContext()),
        Settings.of(trained, spark).scoringPlan(file),
        file);
    print.accept("scores: " + out);
  }
}
