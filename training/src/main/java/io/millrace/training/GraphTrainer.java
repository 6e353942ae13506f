package io.millrace.training;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.EpochPlan;
import io.millrace.slicing.cache.FeatureCache;
import io.millrace.slicing.cache.FeatureCacheReport;
import io.millrace.slicing.disk.DiskReads;
import io.millrace.training.CheckpointHeader.OpenEpoch;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.ResultChunk;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.parallel.FirstRanksFiles;
import io.millrace.training.parallel.GradientSync;
import io.millrace.training.parallel.PartitionReport;
import io.millrace.training.parallel.PartitionedRows;
import io.millrace.training.parallel.Ranks;
import io.millrace.training.torch.TorchDevice;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.BatchSource;
import io.millrace.transfer.PipelineException;
import io.millrace.transfer.PipelineSize;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.PipelineTrace;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

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
 * io.millrace.transfer.EpochBatches}.
 */
public final class GraphTrainer implements AutoCloseable {
  /** Batches at the beginning of a training that {@link #metrics} leaves out. */
  public static final int WARM_UP_BATCHES = 10;

  private static final System.Logger LOGGER = System.getLogger(GraphTrainer.class.getName());

  private final TrainingSetup setup;
  private final TrainerSettings settings;
  private final EpochPlan plan;
  private final Ranks ranks;
  private final TrainingState state;
  private final GradientSync gradients;
  private final TrainingTrace trace = new TrainingTrace();
  private final Optional<FeatureCache> cache;
  private final Optional<PartitionedRows> parts;
  private final BatchSource source;

  /** Unless the batches are shared. */
  private final Optional<BatchPipeline> pipeline;

  private final EpochLoop epochs;
  private final Evaluator evaluator;
  private boolean ended;
  private boolean warned;

  GraphTrainer(TrainingSetup setup) {
    this.setup = setup;
    settings = setup.settings();
    ranks = settings.ranks();
    plan = setup.trainingPlan();
    TorchEngine.computeThreads(settings.computeThreads());
    state = new TrainingState(setup, plan.epoch(0).numSteps());
    Optional<FeatureCache> rows = Optional.empty();
    Optional<PartitionedRows> divided = Optional.empty();
    try {
      ranks.requireSame(setup.common());
      settings.resumeFrom().ifPresent(this::resume);
      gradients = GradientSync.of(ranks, state.network());
      TrainingStep step = new TrainingStep(setup, state, gradients);
      rows = setup.newCache();
      divided = setup.newParts();
      Optional<FeatureCache> own = rows;
      Optional<PartitionedRows> ownParts = divided;
      pipeline = // last: the network owns the rest
          settings.sharedBatches().isPresent()
              ? Optional.empty()
              : Optional.of(setup.newPipeline(trace.trace(), own, ownParts));
      source = pipeline.<BatchSource>map(it -> it).orElseGet(this::shared);
      cache = rows;
      parts = divided;
      epochs = new EpochLoop(setup, state, plan, step, source, cache, parts, trace);
      evaluator = new Evaluator(setup, step, source, trace);
    } catch (Throwable t) {
      ranks.fail(t);
      rows.ifPresent(FeatureCache::close);
      divided.ifPresent(PartitionedRows::close);
      state.close();
      throw t;
    }
  }

  private BatchSource shared() {
    return setup.join(settings.sharedBatches().orElseThrow(), trace.trace());
  }

  /** Where there is no checkpoint yet, the training begins. */
  private void resume(Path directory) {
    FirstRanksFiles.use(
        ranks,
        directory,
        Checkpoint.FILES,
        from -> {
          if (Checkpoint.existsIn(from)) {
            state.restore(from);
          }
        });
  }

  public static TrainerBuilder builder(GraphDataset data) {
    return new TrainerBuilder(data);
  }

  /** Where the model computes, and why. */
  public TorchDevice device() {
    return settings.device();
  }

  /** Where the time goes, evaluations included. */
  public PipelineTrace trace() {
    return trace.trace();
  }

  /** Where the time of all epochs so far went, without the {@link #WARM_UP_BATCHES}. */
  public PipelineMetrics metrics() {
    return trace.epochs();
  }

  /** The feature cache, if the builder was given one and the dataset is mapped from its files. */
  public Optional<FeatureCacheReport> featureCache() {
    return cache.map(FeatureCache::report);
  }

  /** Bytes of the validation batches that are kept, see {@link TrainerBuilder#evaluationCache}. */
  public long evaluationCacheBytes() {
    return evaluator.keptBytes();
  }

  /** Where the feature rows came from, if they are divided among ranks. */
  public Optional<PartitionReport> partition() {
    return parts.map(it -> it.report(pipelineSize().numSlots()));
  }

  /** What was read from the file of the features, if the dataset was opened to be read on disk. */
  public Optional<DiskReads> diskReads() {
    return cache.isPresent() ? cache.get().diskReads() : pipeline.flatMap(BatchPipeline::diskReads);
  }

  /** Workers and slots; to be changed between epochs, or by a listener between two steps. */
  public PipelineSize pipelineSize() {
    return pipeline.orElseThrow(
        () -> new IllegalStateException("the batches are shared with other trainers"));
  }

  /**
   * How long each rank of a {@link TrainerBuilder#collective} has taken for its part of a step on
   * average, without waiting for the others, in milliseconds; 0 for one without a virtual node. All
   * ranks call it together, between two epochs or after {@link #fit}.
   */
  public double[] stepMillisOfRanks() {
    return ranks.gather(new float[] {(float) gradients.stepMillis()}).stream()
        .mapToDouble(it -> it[0])
        .toArray();
  }

  /** The number of values that are learned. */
  public long numParameters() {
    return state.network().numParameters();
  }

  /** How far the training is: after {@link TrainerBuilder#resumeFrom}, where it resumes. */
  public TrainingPosition position() {
    EpochPlan.Epoch epoch = plan.epoch(state.epoch());
    return new TrainingPosition(epoch.number(), state.open().firstStep(epoch), epoch.numSteps());
  }

  /**
   * The learning rate from which the schedule computes that of each step: the builder's, or what
   * {@link #learningRate(double)} has made of it.
   */
  public double learningRate() {
    return state.learningRate().base();
  }

  /**
   * Changes the learning rate from the next step on; the schedule's factor still applies. This is
   * also how a training resumes with another learning rate: build it with the settings of its
   * checkpoint, then call this. Checkpoints store the change.
   *
   * @throws BadInputException unless it is positive and finite
   * @throws IllegalStateException after {@link #fit} or {@link #restoreBest}
   */
  public void learningRate(double value) {
    requireNotEnded();
    state.learningRate().base(Require.positive("learningRate", value));
  }

  /**
   * Trains one epoch: every training node once. Batch normalisation then predicts by the weights
   * that were reached, see {@link PopulationStatistics}.
   */
  public EpochReport epoch() {
    return epoch(TrainingListener.NONE);
  }

  /**
   * Trains one epoch. It saves nothing, except for the checkpoints within it, see {@link
   * TrainerBuilder#checkpointEvery}: a loop of your own calls {@link #saveModel} and {@link
   * #saveCheckpoint}.
   *
   * @throws BadInputException if the loss is no longer finite. On the CPU the model has not learned
   *     from that batch; on a GPU, where losses are read later, it has
   * @throws IllegalStateException after {@link #fit} or {@link #restoreBest}
   */
  public EpochReport epoch(TrainingListener listener) {
    requireNotEnded();
    warnIfNothingIsSaved();
    return trainEpoch(listener);
  }

  private void warnIfNothingIsSaved() {
    if (settings.directory().isPresent() && settings.checkpointEvery().isEmpty() && !warned) {
      warned = true;
      LOGGER.log(
          System.Logger.Level.WARNING,
          "epoch() saves nothing, call fit, or saveModel and saveCheckpoint: saveTo={0}",
          settings.directory().get());
    }
  }

  EpochReport trainEpoch(TrainingListener listener) {
    return epochs.run(listener);
  }

  /**
   * Evaluates the model on a split, with sampled neighbourhoods ({@code evalFanout}), the same ones
   * each time.
   *
   * @throws BadInputException if the split has no labelled nodes, or the loss is not finite
   */
  public Evaluation evaluate(Split split) {
    setup.data().requireUnchanged();
    TorchEngine.computeThreads(settings.computeThreads());
    Evaluation evaluation;
    try {
      evaluation = evaluator.evaluate(split);
    } catch (PipelineException e) {
      throw ranks.failed(e);
    } catch (Throwable t) {
      ranks.fail(t);
      throw t;
    }
    if (split == Split.VALID) {
      state.evaluated(evaluation);
    }
    return evaluation;
  }

  /**
   * Predicts nodes, with sampled neighbourhoods ({@code evalFanout}), the same ones each time for
   * the same nodes in the same order. With all neighbours a prediction is exact, and a node's does
   * not depend on the others. For many nodes, or for all layer by layer, use {@code GraphInference}
   * with {@link #model}.
   *
   * @param nodes ids, in any order; a node may occur twice
   * @return one row per node, in the order of the argument, without embeddings; it is a copy
   * @throws BadInputException if an id is not a node
   * @throws IllegalStateException within an epoch
   */
  public ResultChunk predict(int... nodes) {
    requireBetweenEpochs();
    TorchEngine.computeThreads(settings.computeThreads());
    float[] logits = evaluator.rows(setup.predictionEpoch(nodes), nodes.length, Ranks.ALONE);
    int dim = setup.task().outputDim();
    boolean multiLabel = setup.task().answers() == AnswerKind.LABELS;
    return new ResultChunk(nodes.clone(), dim, multiLabel, logits, 0, new float[0]);
  }

  /**
   * Keeps a copy of the weights if they are the best so far, for a loop of your own: call it after
   * each epoch, and {@link #restoreBest} at the end. What decides is the builder's metric on the
   * validation nodes. They are evaluated here unless {@link #evaluate} has done it since the last
   * epoch. Among equal epochs the earliest is kept. {@link #saveCheckpoint} stores the copy, too.
   *
   * @return whether they are the best so far
   * @throws BadInputException if the validation nodes have no labels that the metric can be
   *     computed from, or the loss is not finite
   * @throws IllegalStateException before the first epoch or within one, or after {@link #fit} or
   *     {@link #restoreBest}
   */
  public boolean keepBest() {
    requireNotEnded();
    requireBetweenEpochs();
    if (state.epoch() == 0) {
      throw new IllegalStateException("no epoch is trained yet, there is nothing to keep");
    }
    setup.task().requireEvaluable(Split.VALID);
    Evaluation valid = state.valid().orElseGet(() -> evaluate(Split.VALID));
    return state.best().offer(state.epoch() - 1, valid);
  }

  /**
   * Returns to the weights that {@link #keepBest} kept. Like {@link #fit}, this ends the training,
   * because the optimizer's moments are still those of the last epoch: afterwards the trainer
   * evaluates, predicts and saves the model.
   *
   * @return the evaluation of these weights on the validation nodes
   * @throws IllegalStateException if there are none, or within an epoch
   */
  public Evaluation restoreBest() {
    requireBetweenEpochs();
    if (!state.best().kept()) {
      throw new IllegalStateException("no weights are kept: call keepBest after an epoch");
    }
    ended = true;
    state.restoreBest();
    return state.best().valid();
  }

  /**
   * Trains, evaluates on the validation nodes after each epoch, and ends with the weights of the
   * best epoch, evaluated on the test nodes. With a {@code patience} it stops when so many epochs
   * in a row were no better than the best. If the builder was given a directory, the best weights
   * so far and a checkpoint are always there.
   *
   * <p>This ends the training, because the optimizer's moments are still those of the last epoch,
   * not of the best: afterwards the trainer evaluates, predicts and saves the model. For more
   * epochs, build another that {@link TrainerBuilder#resumeFrom resumes}; for a loop of your own
   * use {@link #epoch}, {@link #evaluate} and {@link #keepBest}.
   *
   * @param numEpochs at most, those that it finished before a checkpoint included; those of {@link
   *     #epoch} do not count
   * @throws BadInputException before the first epoch if the validation nodes have no labels that
   *     the metric can be computed from, or test nodes have labels but not such, or a checkpoint is
   *     past so many epochs; if the loss is no longer finite; if the weights or the checkpoint
   *     cannot be written
   * @throws IllegalStateException if it was called before, or {@link #restoreBest} was
   */
  public FitResult fit(int numEpochs, TrainingListener listener) {
    requireNotEnded();
    return endingAllRanks(
        () -> {
          FitLoop fit = new FitLoop(this, setup, state);
          fit.requirePossible(numEpochs);
          ranks.requireSame(Map.of("epochs", String.valueOf(numEpochs)));
          ended = true;
          return fit.run(numEpochs, listener);
        });
  }

  /**
   * The next epoch of {@link #fit}, for a program that decides after each whether the training goes
   * on, as a sweep does: trains it, evaluates the validation nodes, keeps the best weights, and
   * saves model and checkpoint if the builder was given a directory. The patience is not looked at.
   *
   * @return on the validation nodes
   * @throws BadInputException as {@link #fit}
   * @throws IllegalStateException after {@link #fit} or {@link #restoreBest}
   */
  public Evaluation fitEpoch(TrainingListener listener) {
    requireNotEnded();
    return endingAllRanks(
        () -> {
          FitLoop fit = new FitLoop(this, setup, state);
          fit.requirePossible(state.finished().size() + 1);
          return fit.epoch(listener);
        });
  }

  /**
   * What {@link #fitEpoch} has trained so far, epochs before a checkpoint included, without a test.
   * Empty before the first epoch.
   */
  public Optional<FitResult> fitted() {
    return state.finished().isEmpty()
        ? Optional.empty()
        : Optional.of(new FitLoop(this, setup, state).result(Optional.empty()));
  }

  /**
   * Ends what {@link #fitEpoch} has trained as {@link #fit} ends: with the weights of the best
   * epoch, evaluated on the test nodes.
   *
   * @throws IllegalStateException before the first epoch, or after {@link #fit} or {@link
   *     #restoreBest}
   */
  public FitResult finishFit() {
    requireNotEnded();
    if (state.finished().isEmpty()) {
      throw new IllegalStateException("no epoch is trained yet, there is nothing to finish");
    }
    ended = true;
    return endingAllRanks(() -> new FitLoop(this, setup, state).finish());
  }

  /**
   * Continues from the checkpoint of a training with other settings: its weights, the optimizer's
   * moments, its best weights and its epochs. The learning rate, its schedule, dropout and whatever
   * else has no arrays are this trainer's own. Call it before the first epoch.
   *
   * @param directory where {@link #fit} or {@link #saveCheckpoint} has saved it
   * @throws BadInputException if there is none, it is damaged, or its arrays are not those of this
   *     trainer's model and optimizer
   * @throws IllegalStateException if the trainer has trained already
   */
  public void continueFrom(Path directory) {
    if (state.optimizer().numSteps() > 0) {
      throw new IllegalStateException("a checkpoint is continued before the first epoch");
    }
    state.takeOver(directory);
  }

  /** What this rank throws ends the training of all. */
  private <T> T endingAllRanks(Supplier<T> work) {
    try {
      return work.get();
    } catch (Throwable t) {
      ranks.fail(t);
      throw t;
    }
  }

  private void requireNotEnded() {
    if (ended) {
      throw new IllegalStateException(
          "fit or restoreBest has ended the training: build another trainer");
    }
  }

  private void requireBetweenEpochs() {
    if (epochs.underWay()) {
      throw new IllegalStateException("an epoch is under way");
    }
  }

  /**
   * The model with its weights as they are now, in memory; it does not change when the training
   * continues. {@code GraphInference.builder(data, trainer.model())} predicts all nodes with it, of
   * this dataset or of another with the same columns.
   *
   * @throws BadInputException if the model, or a loss or metric of the user's own, is no record of
   *     plain values, or the model has more than 2 GiB
   */
  public ModelFile model() {
    setup.requireStorable();
    return state.model();
  }

  /**
   * Writes the model with its weights as they are now; {@link ModelFile#read} reads it back. The
   * best weights are written after {@link #restoreBest} or {@link #fit}.
   *
   * @param directory is made if it is missing; a model that is there is replaced
   * @throws BadInputException if it cannot be written, or as {@link #model}
   */
  public void saveModel(Path directory) {
    model().save(directory);
  }

  /**
   * Writes a checkpoint, for a loop of your own between two epochs; {@link TrainerBuilder#saveTo}
   * does it in {@link #fit}.
   *
   * @param directory is made if it is missing; a checkpoint that is there is replaced
   * @throws BadInputException if it cannot be written, or the model is no record
   * @throws IllegalStateException within an epoch, or after {@link #fit} or {@link #restoreBest}
   */
  public void saveCheckpoint(Path directory) {
    requireNotEnded();
    requireBetweenEpochs();
    setup.requireStorable();
    state.save(directory, OpenEpoch.NONE);
  }

  /**
   * Takes over the weights of a model that was trained before, whatever it says of itself; the
   * optimizer starts again from nothing. Call it before the first epoch, because the optimizer's
   * moments belong to the weights they were made with.
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
    state.load(source);
  }

  @Override
  public void close() {
    source.close();
    evaluator.close();
    cache.ifPresent(FeatureCache::close);
    parts.ifPresent(PartitionedRows::close);
    gradients.close();
    state.close();
  }
}
