package io.millrace.spark;

import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code spark-submit --class io.millrace.spark.Train}: trains on the executors, by the options of
 * {@code millrace train}.
 */
@Command(
    name = "Train",
    description = "Trains on the executors and saves the model, as millrace train --ranks.")
public final class Train extends SparkCommand {
  @Parameters(paramLabel = "DATASET", description = "A dataset directory that all executors see.")
  private String dataset;

  @Option(
      names = "--save",
      required = true,
      paramLabel = "DIR",
      description =
          "Where model and checkpoint are kept, which all executors see; what is there already is"
              + " resumed.")
  private String save;

  @Option(
      names = "--ranks",
      defaultValue = "1",
      paramLabel = "N",
      description = "Tasks of the training (default: ${DEFAULT-VALUE}).")
  private int ranks;

  @Option(
      names = "--model",
      defaultValue = "sage",
      paramLabel = "NAME",
      description = "sage, gcn, gat, ... (default: ${DEFAULT-VALUE}).")
  private String model;

  @Option(names = "--hidden", paramLabel = "N", description = "Columns between two layers.")
  private Optional<Integer> hidden = Optional.empty();

  @Option(names = "--fanout", paramLabel = "N,N,...", description = "Neighbours per layer.")
  private Optional<String> fanout = Optional.empty();

  @Option(
      names = "--eval-fanout",
      paramLabel = "N,N,...",
      description = "Neighbours per layer in validation and test.")
  private Optional<String> evalFanout = Optional.empty();

  @Option(names = "--batch-size", paramLabel = "N", description = "Seeds per batch of all ranks.")
  private Optional<Integer> batchSize = Optional.empty();

  @Option(
      names = "--virtual-nodes",
      paramLabel = "V",
      description = "Parts of a batch, dealt to the ranks (default: --ranks).")
  private Optional<Integer> virtualNodes = Optional.empty();

  @Option(names = "--epochs", paramLabel = "N", description = "Epochs at most.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(names = "--patience", paramLabel = "N", description = "Epochs without a better one.")
  private Optional<Integer> patience = Optional.empty();

  @Option(names = "--lr", paramLabel = "X", description = "Learning rate.")
  private Optional<Double> learningRate = Optional.empty();

  @Option(names = "--weight-decay", paramLabel = "X", description = "L2 penalty.")
  private Optional<Double> weightDecay = Optional.empty();

  @Option(names = "--seed", defaultValue = "0", paramLabel = "N", description = "Seed.")
  private long seed;

  @Option(
      names = "--compute-threads",
      paramLabel = "N",
      description = "Threads of each rank (default: spark.task.cpus).")
  private Optional<Integer> computeThreads = Optional.empty();

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = "Batches between checkpoints within an epoch.")
  private Optional<Integer> checkpointEvery = Optional.empty();

  @Option(
      names = "--device",
      defaultValue = "cpu",
      paramLabel = "cpu|gpu",
      description = "Where to compute (default: ${DEFAULT-VALUE}).")
  private String device;

  public static void main(String[] args) {
    SparkCommand.main(new Train(), args);
  }

  @Override
  void run(SparkSession spark, Consumer<String> print) {
    boolean gpu = isGpu(device);
    MillraceClassifier classifier =
        new MillraceClassifier()
            .setDataset(dataset)
            .setCheckpointPath(save)
            .setNumWorkers(ranks)
            .setModel(model)
            .setSeed(seed)
            .setUseGpu(gpu);
    hidden.ifPresent(classifier::setHidden);
    fanout.ifPresent(it -> classifier.set(classifier.fanout(), it));
    evalFanout.ifPresent(it -> classifier.set(classifier.evalFanout(), it));
    batchSize.ifPresent(classifier::setBatchSize);
    virtualNodes.ifPresent(classifier::setVirtualNodes);
    epochs.ifPresent(classifier::setMaxIter);
    patience.ifPresent(classifier::setPatience);
    learningRate.ifPresent(classifier::setLearningRate);
    weightDecay.ifPresent(classifier::setWeightDecay);
    computeThreads.ifPresent(classifier::setComputeThreads);
    checkpointEvery.ifPresent(classifier::setCheckpointInterval);
    Dataset<Row> none = spark.range(0).toDF("id"); // labels and splits are the dataset's
    print.accept(classifier.fit(none).summary());
    print.accept("saved: " + save);
  }
}
