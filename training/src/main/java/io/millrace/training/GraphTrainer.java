package io.millrace.training;

import ai.djl.ndarray.NDList;
import io.millrace.datasets.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.BatchRandom;
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
  /** Where a batch's number goes in the key of an epoch's dropout: no batch has this one. */
  private static final int DROPOUT = -2;

  private final TrainerBuilder settings;
  private final Network network;
  private final Adam adam;
  private final TrainingStep step;
  private final EpochPlan plan;
  private final BatchPipeline pipeline;
  private final BatchPipeline evaluationPipeline;
  private int nextEpoch;

  GraphTrainer(TrainerBuilder settings) {
    this.settings = settings;
    GraphDataset data = settings.data;
    plan = EpochPlan.of(settings.nodes(Split.TRAIN), settings.batchSize, settings.seed);
    pipeline = settings.pipeline(settings.fanout());
    evaluationPipeline = settings.pipeline(settings.evalFanout());
    TorchEngine.computeThreads(settings.computeThreads);
    network =
        new Network(
            settings.model,
            data.features().dim(),
            data.labels().numClasses(),
            BatchRandom.batchSeed(settings.seed, -1, DROPOUT));
    adam =
        new Adam(network.manager(), network.learned(), settings.learningRate, settings.weightDecay);
    step = new TrainingStep(network, adam);
  }

  public static TrainerBuilder builder(GraphDataset data) {
    return new TrainerBuilder(data);
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
   * @throws BadInputException if the loss is no longer finite; the batch is not learned from
   */
  public EpochReport epoch(TrainingListener listener) {
    int epoch = nextEpoch;
    TorchEngine.computeThreads(settings.computeThreads);
    TorchEngine.seed(BatchRandom.batchSeed(settings.seed, epoch, DROPOUT));
    Scores scores = new Scores();
    EpochBatches batches = pipeline.start(plan.epoch(epoch));
    try (batches) {
      while (batches.hasNext()) {
        try (DeviceBatch batch = batches.next()) {
          step.train(batch, scores);
          listener.batchDone(
              new BatchProgress(
                  epoch,
                  batch.number(),
                  batches.numBatches(),
                  scores.sum().loss(),
                  batches.stats().waitShare()));
        }
      }
    }
    nextEpoch++;
    return new EpochReport(epoch, scores.sum(), batches.stats());
  }

  /**
   * How well the model does on a split, by sampled neighbourhoods ({@code evalFanout}), the same
   * ones each time.
   */
  public Evaluation evaluate(Split split) {
    EpochPlan.Epoch nodes =
        EpochPlan.inOrder(settings.nodes(split), settings.batchSize, settings.seed).epoch(0);
    TorchEngine.computeThreads(settings.computeThreads);
    Scores scores = new Scores();
    try (EpochBatches batches = evaluationPipeline.start(nodes)) {
      while (batches.hasNext()) {
        try (DeviceBatch batch = batches.next()) {
          step.evaluate(batch, scores);
        }
      }
    }
    return scores.sum();
  }

  /**
   * Trains, evaluates on the validation nodes after each epoch, and ends with the weights of the
   * best epoch, evaluated on the test nodes. If the builder was given a directory, the best weights
   * so far are always there.
   */
  public FitResult fit(int numEpochs, TrainingListener listener) {
    if (numEpochs < 1) {
      throw BadInputException.of("training needs at least one epoch", "epochs", numEpochs);
    }
    settings.nodes(Split.TEST); // fail before the training, not after
    long start = System.nanoTime();
    List<EpochReport> reports = new ArrayList<>();
    try (BestWeights best = new BestWeights(network)) {
      for (int i = 0; i < numEpochs; i++) {
        EpochReport report = epoch(listener);
        reports.add(report);
        Evaluation valid = evaluate(Split.VALID);
        if (best.offer(report.epoch(), valid)) {
          settings.directory.ifPresent(
              dir -> ModelFile.write(dir, info(report.epoch(), valid), best.weights()));
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

  /**
   * Takes over the weights of a model that was trained before; the optimizer starts anew.
   *
   * @throws BadInputException if there is none, it is damaged, or its parameters are not those of
   *     this trainer's model
   */
  public void loadWeights(Path directory) {
    ModelFile file = ModelFile.read(directory);
    try (NDList weights = file.weights(network.manager())) {
      network.restore(weights);
    }
  }

  private ModelInfo info(int epoch, Evaluation valid) {
    return new ModelInfo(
        settings.model,
        settings.data.features().dim(),
        settings.data.labels().numClasses(),
        settings.data.name(),
        settings.data.fingerprint(),
        settings.fanout().toString(),
        settings.seed,
        epoch,
        valid.accuracy());
  }

  @Override
  public void close() {
    pipeline.close();
    evaluationPipeline.close();
    adam.close();
    network.close();
  }
}
