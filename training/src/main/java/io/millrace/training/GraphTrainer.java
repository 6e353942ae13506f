package io.millrace.training;

import ai.djl.ndarray.NDList;
import io.millrace.datasets.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.EpochPlan;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.DeviceBatch;
import io.millrace.transfer.EpochBatches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains a model on a dataset by sampled neighbourhoods, and evaluates it.
 *
 * <p>An epoch is a function of (dataset, settings, weights and moments, seed, epoch): it does not
 * depend on the number of workers, and with one compute thread its losses are the same bit for bit.
 * The number of compute threads and torch's random generator belong to the process, so two trainers
 * at the same time disturb each other's dropout.
 *
 * <p>Made by {@link #builder}. Owns weights, worker threads and slots until {@link #close}; the
 * dataset stays the caller's. Used by one thread at a time. The next classes to read are {@link
 * TrainingStep} and {@link Network}.
 */
public final class GraphTrainer implements AutoCloseable {
  private final TrainerSettings settings;
  private final EpochPlan plan;
  private final Network network;
  private final Adam adam;
  private final TrainingStep step;
  private final BatchPipeline pipeline;
  private int nextEpoch;
  private boolean fitted;

  GraphTrainer(TrainerSettings settings) {
    this.settings = settings;
    plan = settings.trainingPlan();
    TorchEngine.computeThreads(settings.computeThreads());
    network = settings.newNetwork();
    try {
      adam =
          new Adam(
              network.manager(),
              network.learned(),
              settings.learningRate(),
              settings.weightDecay());
      step = new TrainingStep(network, adam);
      pipeline = settings.newPipeline(); // comes last: the rest lives in the network's manager
    } catch (Throwable t) {
      network.close();
      throw t;
    }
  }

  public static TrainerBuilder builder(GraphDataset data) {
    return new TrainerBuilder(data);
  }

  /** Where the model computes, and why. */
  public TorchDevice device() {
    return settings.device();
  }

  /** The number of values that are learned. */
  public long numParameters() {
    return network.numParameters();
  }

  /** Trains one epoch: every training node once. */
  public EpochReport epoch() {
    return epoch(TrainingListener.NONE);
  }

  /**
   * Trains one epoch.
   *
   * @throws BadInputException if the loss is no longer finite; the batch is not learned from, but
   *     on a GPU, where the losses are read later, it is
   * @throws IllegalStateException after {@link #fit}
   */
  public EpochReport epoch(TrainingListener listener) {
    requireNotFitted();
    return trainEpoch(listener);
  }

  private EpochReport trainEpoch(TrainingListener listener) {
    int epoch = nextEpoch;
    TorchEngine.computeThreads(settings.computeThreads());
    TorchEngine.seed(settings.dropoutSeed(epoch));
    EpochBatches batches = pipeline.start(plan.epoch(epoch));
    Evaluation training;
    try (batches;
        LateScores scores = LateScores.on(settings.device(), "epoch", epoch)) {
      while (batches.hasNext()) {
        try (DeviceBatch batch = batches.next()) {
          step.train(batch, scores);
          listener.batchDone(
              new BatchProgress(
                  epoch,
                  batch.number(),
                  batches.numBatches(),
                  scores.soFar().loss(),
                  batches.stats().waitShare()));
        }
      }
      training = scores.sum();
    }
    nextEpoch++;
    return new EpochReport(epoch, training, batches.stats());
  }

  /**
   * How well the model does on a split, by sampled neighbourhoods ({@code evalFanout}), the same
   * ones each time.
   *
   * @throws BadInputException if the split has no labelled nodes, or the loss is not finite
   */
  public Evaluation evaluate(Split split) {
    EpochPlan.Epoch epoch = settings.evaluationEpoch(split);
    TorchEngine.computeThreads(settings.computeThreads());
    try (EpochBatches batches = pipeline.start(epoch, settings.evalFanout());
        LateScores scores = LateScores.on(settings.device(), "split", split.fileName())) {
      while (batches.hasNext()) {
        try (DeviceBatch batch = batches.next()) {
          step.evaluate(batch, scores);
        }
      }
      return scores.sum();
    }
  }

  /**
   * Trains, evaluates on the validation nodes after each epoch, and ends with the weights of the
   * best epoch, evaluated on the test nodes. If the builder was given a directory, the best weights
   * so far are always there.
   *
   * <p>This ends the training, for the optimizer's moments are still those of the last epoch, not
   * of the best: afterwards the trainer evaluates. To go on, build another and {@link #loadWeights}
   * there; for a loop of your own use {@link #epoch} and {@link #evaluate}.
   *
   * @throws BadInputException before the first epoch if the validation or test nodes have no
   *     labels; if the loss is no longer finite; if the weights cannot be written
   * @throws IllegalStateException if it was called before
   */
  public FitResult fit(int numEpochs, TrainingListener listener) {
    if (numEpochs < 1) {
      throw BadInputException.of("training needs at least one epoch", "epochs", numEpochs);
    }
    requireNotFitted();
    settings.nodes(Split.VALID); // fail before the training, not after
    settings.nodes(Split.TEST);
    fitted = true;
    long start = System.nanoTime();
    List<EpochReport> reports = new ArrayList<>();
    try (BestWeights best = new BestWeights(network)) {
      for (int i = 0; i < numEpochs; i++) {
        EpochReport report = trainEpoch(listener);
        reports.add(report);
        Evaluation valid = evaluate(Split.VALID);
        if (best.offer(report.epoch(), valid)) {
          settings
              .directory()
              .ifPresent(
                  dir ->
                      ModelFile.write(dir, settings.info(report.epoch(), valid), best.weights()));
        }
        listener.epochDone(report, valid);
      }
      best.restore();
      Evaluation test = evaluate(Split.TEST);
      double seconds = (System.nanoTime() - start) / 1e9;
      return new FitResult(
          best.epoch(), best.valid(), test, List.copyOf(reports), numParameters(), seconds);
    }
  }

  private void requireNotFitted() {
    if (fitted) {
      throw new IllegalStateException("fit has ended the training: build another trainer");
    }
  }

  /**
   * Takes over the weights of a model that was trained before, whatever it says of itself; the
   * optimizer starts anew. Comes before the first epoch, for the optimizer's moments belong to the
   * weights they were made with.
   *
   * @throws BadInputException if there is none, it is damaged, or its parameters are not those of
   *     this trainer's model
   * @throws IllegalStateException if the trainer has trained already
   */
  public void loadWeights(Path directory) {
    if (adam.numSteps() > 0) {
      throw new IllegalStateException("weights are loaded before the first epoch");
    }
    ModelFile file = ModelFile.read(directory);
    try (NDList weights = file.weights(network.manager())) {
      network.restore(weights);
    }
  }

  @Override
  public void close() {
    pipeline.close();
    adam.close();
    network.close();
  }
}
