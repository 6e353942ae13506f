package io.millrace.spark.barrier;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.models.ModelKind;
import io.millrace.training.torch.TorchDevice;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that the ranks of a training must know. Immutable.
 *
 * @param dataset a directory that all executors see
 * @param model label of a {@link ModelKind}
 * @param fanout neighbours per hop; its length is the number of layers
 * @param evalFanout neighbours per hop in evaluations; empty = the default
 * @param patience epochs without a better one before the end; 0 = all epochs
 * @param computeThreads of each rank
 * @param checkpoint a directory that all executors see; null = none
 * @param checkpointEvery batches between two checkpoints within an epoch; 0 = after epochs only
 */
@Internal
public record TrainingPlan(
    int numWorkers,
    String dataset,
    String model,
    int hidden,
    int[] fanout,
    int[] evalFanout,
    int batchSize,
    int virtualNodes,
    int epochs,
    double learningRate,
    double weightDecay,
    int patience,
    long seed,
    int computeThreads,
    String checkpoint,
    int checkpointEvery,
    boolean useGpu)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** The kind of the model. */
  static ModelKind kind(String label) {
    return ModelKind.labelled(label)
        .orElseThrow(() -> BadInputException.of("no such model", "model", label));
  }

  /**
   * @param device where this rank computes
   */
  TrainerBuilder builder(GraphDataset data, TorchDevice device) {
    TrainerBuilder builder =
        GraphTrainer.builder(data)
            .model(kind(model).of(hidden, numHops()))
            .fanout(fanout)
            .batchSize(batchSize)
            .virtualNodes(virtualNodes)
            .learningRate(learningRate)
            .weightDecay(weightDecay)
            .seed(seed)
            .computeThreads(computeThreads)
            .device(device);
    if (evalFanout.length > 0) {
      builder.evalFanout(evalFanout);
    }
    if (patience > 0) {
      builder.patience(patience);
    }
    directory().ifPresent(it -> builder.saveTo(it).resumeFrom(it));
    if (checkpointEvery > 0) {
      builder.checkpointEvery(checkpointEvery);
    }
    return builder;
  }

  /** Layers of the model. */
  int numHops() {
    return fanout.length;
  }

  Optional<Path> directory() {
    return Optional.ofNullable(checkpoint).map(Path::of);
  }
}
