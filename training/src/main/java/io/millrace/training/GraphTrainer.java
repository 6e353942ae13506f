package io.millrace.training;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.EpochPlan;
import io.millrace.training.CheckpointHeader.OpenEpoch;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.ModelInfo;
import io.millrace.training.files.PygNames;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Scores;
import io.millrace.training.torch.TorchDevice;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.BatchSource;
import io.millrace.transfer.BatchStream;
import io.millrace.transfer.DeviceBatch;
import io.millrace.transfer.EpochStats;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Trains a model on a dataset by sampled neighbourhoods, and evaluates it.
 *
 * <p>An epoch is a function of (dataset, settings, weights and moments, seed, epoch): it does not
 * depend on the number of workers, and with one compute thread its losses are the same bit for bit.
 * That also holds for trainers that are built and learn at the same time, with the same number of
 * compute threads: the number belongs to the process. Only a layer of the user's own that draws
 * from torch's generator on the CPU then draws other numbers than alone.
 *
 * <p>Made by {@link #builder}. Owns weights, worker threads and slots until {@link #close}; the
 * dataset stays the caller's. Used by one thread at a time. Next class to read: {@link
 * TrainingStep}.
 */
public final class GraphTrainer implements AutoCloseable {
  private final TrainingSetup setup;
  private final TrainerSettings settings;
  private final EpochPlan plan;
  private final TrainingState state;
  private final TrainingStep step;
  private final PopulationStatistics statistics;
  private final BatchSource source;
  private boolean underWay;
  private boolean fitted;

  GraphTrainer(TrainingSetup setup) {
    this.setup = setup;
    settings = setup.settings();
    plan = setup.trainingPlan();
    TorchEngine.computeThreads(settings.computeThreads());
    state = new TrainingState(setup, plan.epoch(0).numSteps());
    try {
      settings.resumeFrom().filter(Checkpoint::existsIn).ifPresent(state::restore);
      step = new TrainingStep(setup, state, GradientSync.NONE);
      statistics = new PopulationStatistics(setup, state.network());
      source = setup.newSource(); // comes last: the rest lives in the network's manager
    } catch (Throwable t) {
      state.close();
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
    return state.network().numParameters();
  }

  /** How far the training is: after {@link TrainerBuilder#resumeFrom}, where it resumes. */
  public TrainingPosition position() {
    EpochPlan.Epoch epoch = plan.epoch(state.epoch());
    return new TrainingPosition(state.epoch(), firstStep(epoch, state.open()), epoch.numSteps());
  }

  /**
   * Trains one epoch: every training node once. Batch normalisation then predicts by the weights
   * that were reached, see {@link PopulationStatistics}.
   */
  public EpochReport epoch() {
    return epoch(TrainingListener.NONE);
  }

  /**
   * Trains one epoch.
   *
   * @throws BadInputException if the loss is no longer finite. On the CPU the model has not learned
   *     from that batch; on a GPU, where losses are read later, it has
   * @throws IllegalStateException after {@link #fit}
   */
  public EpochReport epoch(TrainingListener listener) {
    requireNotFitted();
    return trainEpoch(listener);
  }

  /** As {@link #epoch()}, also for {@link FitLoop}. */
  EpochReport trainEpoch(TrainingListener listener) {
    EpochPlan.Epoch epoch = plan.epoch(state.epoch());
    OpenEpoch before = state.enterEpoch();
    Scores sums = setup.task().trainingScores();
    sums.restore(before.sums());
    TorchEngine.computeThreads(settings.computeThreads());
    BatchStream batches = source.resume(epoch, before.stats());
    underWay = true;
    try (batches;
        DeferredScores scores =
            DeferredScores.on(settings.device(), "epoch", epoch.number() + 1, sums)) {
      for (int s = firstStep(epoch, before); s < epoch.numSteps(); s++) {
        step.train(epoch, s, batches, scores);
        EpochStats stats = batches.stats();
        listener.batchDone(
            new BatchProgress(epoch.number(), s, epoch.numSteps(), sums.loss(), stats.waitShare()));
        if (batches.hasNext() && settings.isCheckpointAfter(s)) {
          scores.readAll();
          state.save(settings.directory().get(), new OpenEpoch(stats, sums.sums()));
        }
      }
      scores.readAll();
    } finally {
      underWay = false;
    }
    statistics.measure(source, plan.epoch(epoch.number() + 1));
    state.leaveEpoch();
    return new EpochReport(epoch.number(), sums.sum(), state.lastLearningRate(), batches.stats());
  }

  private static int firstStep(EpochPlan.Epoch epoch, OpenEpoch before) {
    return epoch.stepOf(Math.toIntExact(before.stats().numBatches()));
  }

  /**
   * Evaluates the model on a split, with sampled neighbourhoods ({@code evalFanout}), the same ones
   * each time.
   *
   * @throws BadInputException if the split has no labelled nodes, or the loss is not finite
   */
  public Evaluation evaluate(Split split) {
    EpochPlan.Epoch epoch = setup.evaluationEpoch(split);
    TorchEngine.computeThreads(settings.computeThreads());
    Scores sums = setup.task().evaluationScores();
    try (BatchStream batches = source.start(epoch, settings.evalFanout());
        DeferredScores scores =
            DeferredScores.on(settings.device(), "split", split.fileName(), sums)) {
      while (batches.hasNext()) {
        try (DeviceBatch batch = batches.next()) {
          step.evaluate(epoch, batch, scores);
        }
      }
      scores.readAll();
    }
    return sums.sum();
  }

  /**
   * Trains, evaluates on the validation nodes after each epoch, and ends with the weights of the
   * best epoch, evaluated on the test nodes. With a {@code patience} it stops when so many epochs
   * in a row were no better than the best. If the builder was given a directory, the best weights
   * so far and a checkpoint are always there.
   *
   * <p>This ends the training, because the optimizer's moments are still those of the last epoch,
   * not of the best: afterwards the trainer only evaluates. For more epochs, build another that
   * {@link TrainerBuilder#resumeFrom resumes}; for a loop of your own use {@link #epoch} and {@link
   * #evaluate}.
   *
   * @param numEpochs at most, those that it finished before a checkpoint included; those of {@link
   *     #epoch} do not count
   * @throws BadInputException before the first epoch if the validation or test nodes have no labels
   *     that the metric can be computed from, or a checkpoint is past so many epochs; if the loss
   *     is no longer finite; if the weights or the checkpoint cannot be written
   * @throws IllegalStateException if it was called before
   */
  public FitResult fit(int numEpochs, TrainingListener listener) {
    requireNotFitted();
    FitLoop fit = new FitLoop(this, setup, state);
    fit.requirePossible(numEpochs);
    fitted = true;
    return fit.run(numEpochs, listener);
  }

  private void requireNotFitted() {
    if (fitted) {
      throw new IllegalStateException("fit has ended the training: build another trainer");
    }
  }

  /**
   * Writes a checkpoint, for a loop of your own between two epochs; {@link TrainerBuilder#saveTo}
   * does it in {@link #fit}.
   *
   * @param directory is made if it is missing; a checkpoint that is there is replaced
   * @throws BadInputException if it cannot be written, or the model is no record
   * @throws IllegalStateException within an epoch, or after {@link #fit}
   */
  public void saveCheckpoint(Path directory) {
    requireNotFitted();
    if (underWay) {
      throw new IllegalStateException("an epoch is under way");
    }
    ModelInfo.requireStorable(settings.model());
    state.save(directory, OpenEpoch.NONE);
  }

  /**
   * Takes over the weights of a model that was trained before, whatever it says of itself; the
   * optimizer starts anew. Call it before the first epoch, because the optimizer's moments belong
   * to the weights they were made with.
   *
   * @param source the directory of a saved model, or a safetensors file of a GraphSAGE by the names
   *     that PyG gives to its parameters
   * @throws BadInputException if there is none, it is damaged, or its parameters are not those of
   *     this trainer's model
   * @throws IllegalStateException if the trainer has trained already
   */
  public void loadWeights(Path source) {
    if (state.optimizer().numSteps() > 0) {
      throw new IllegalStateException("weights are loaded before the first epoch");
    }
    NDManager manager = state.network().manager();
    try (NDList weights =
        Files.isRegularFile(source)
            ? PygNames.read(source, manager)
            : ModelFile.read(source).weights(manager)) {
      state.network().restore(weights);
    }
  }

  @Override
  public void close() {
    source.close();
    state.close();
  }
}
