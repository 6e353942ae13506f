package io.millrace.training;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.BadInputException;
import io.millrace.training.Checkpoint.Part;
import io.millrace.training.CheckpointHeader.FinishedEpoch;
import io.millrace.training.CheckpointHeader.OpenEpoch;
import io.millrace.training.files.ModelFile;
import io.millrace.training.files.PygNames;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.nn.Network;
import io.millrace.training.optim.LearningRate;
import io.millrace.training.optim.OptimizerSettings;
import io.millrace.training.optim.OptimizerState;
import io.millrace.training.parallel.HostArrays;
import io.millrace.training.parallel.Ranks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All that changes in the course of a training, from which it resumes exactly: the weights, the
 * optimizer's moments, the learning rate's state, the best weights so far, and how far it is.
 *
 * <p>{@link #save} and {@link #restore} go through a {@link Checkpoint}. Owns the arrays; {@link
 * #close} frees them. One thread at a time.
 */
final class TrainingState implements AutoCloseable {
  private final TrainingSetup setup;
  private final Network network;
  private final OptimizerState optimizer;
  private final LearningRate learningRate;
  private final BestWeights best;
  private final EpochHistory history = new EpochHistory();
  private Optional<Evaluation> valid = Optional.empty();
  private int weightsEpoch;
  private int epoch;
  private OpenEpoch open = OpenEpoch.NONE;
  private double secondsBefore;
  private long startNanos = System.nanoTime();

  TrainingState(TrainingSetup setup, int stepsPerEpoch) {
    this.setup = setup;
    network = setup.newNetwork();
    try {
      OptimizerSettings learning = setup.settings().optimizer();
      optimizer =
          OptimizerState.of(
              learning.optimizer(), network.manager(), network.learned(), learning.weightDecay());
      learningRate = new LearningRate(learning.learningRate(), learning.schedule(), stepsPerEpoch);
      best = new BestWeights(network, setup.settings().objective().metric());
    } catch (Throwable t) {
      network.close();
      throw t;
    }
  }

  Network network() {
    return network;
  }

  OptimizerState optimizer() {
    return optimizer;
  }

  LearningRate learningRate() {
    return learningRate;
  }

  BestWeights best() {
    return best;
  }

  /** The epochs that were validated, in order. */
  List<FinishedEpoch> finished() {
    return history.epochs();
  }

  /** The epoch that is trained next, from 0. */
  int epoch() {
    return epoch;
  }

  /** That of the step before. */
  double lastLearningRate() {
    return learningRate.at(Math.max(0, optimizer.numSteps() - 1));
  }

  /** The part of that epoch that is done; not empty only directly after {@link #restore}. */
  OpenEpoch open() {
    return open;
  }

  /** Begins or resumes the next epoch. An epoch that fails starts from its beginning next time. */
  OpenEpoch enterEpoch() {
    OpenEpoch before = open;
    open = OpenEpoch.NONE;
    valid = Optional.empty();
    return before;
  }

  void leaveEpoch() {
    epoch++;
    weightsEpoch = epoch;
  }

  /** Records the evaluation of the present weights on the validation nodes. */
  void evaluated(Evaluation present) {
    valid = Optional.of(present);
  }

  /** The evaluation of the present weights on the validation nodes, if there was one. */
  Optional<Evaluation> valid() {
    return valid;
  }

  /** The present weights and what is known of them. */
  ModelFile model() {
    try (NDList weights = network.copy()) {
      return ModelFile.of(setup.info(weightsEpoch, valid), weights);
    }
  }

  /** The best weights, which must exist. */
  ModelFile bestModel() {
    return ModelFile.of(setup.info(best.epoch() + 1, Optional.of(best.valid())), best.weights());
  }

  /**
   * Takes over other weights, before the first epoch.
   *
   * @param source the directory of a saved model, or a safetensors file by PyG's names
   */
  void load(Path source) {
    NDManager manager = network.manager();
    try (NDList weights =
        Files.isRegularFile(source)
            ? PygNames.read(source, manager)
            : ModelFile.read(source).weights(manager)) {
      restore(weights, source);
    }
    valid = Optional.empty();
  }

  private void restore(NDList weights, Path source) {
    try {
      network.restore(weights);
    } catch (BadInputException e) {
      throw new BadInputException(e.getMessage() + ", file=" + source, e);
    }
  }

  /** Returns to the best weights, which must exist. */
  void restoreBest() {
    best.restore();
    valid = Optional.of(best.valid());
    weightsEpoch = best.epoch() + 1;
  }

  /**
   * Records the validation of the epoch that has ended.
   *
   * @return whether its weights are the best so far
   */
  boolean validated(EpochReport report, Evaluation present) {
    history.add(new FinishedEpoch(report, present));
    learningRate.epochDone(setup.settings().objective().metric().goodness(present));
    return best.offer(report.epoch(), present);
  }

  /**
   * What ranks compare before an epoch: where they are, and a checksum of weights and of moments.
   */
  Map<String, String> fingerprint(Ranks ranks) {
    if (ranks.isAlone()) {
      return Map.of();
    }
    Map<String, String> fingerprint = new LinkedHashMap<>();
    fingerprint.put("epoch", String.valueOf(epoch));
    fingerprint.put("steps", String.valueOf(optimizer.numSteps()));
    fingerprint.put("learningRate", String.valueOf(learningRate.base()));
    try (NDList weights = network.copy()) {
      fingerprint.put("weights", HostArrays.checksum(weights));
    }
    fingerprint.put("moments", HostArrays.checksum(optimizer.state()));
    return fingerprint;
  }

  void startClock() {
    startNanos = System.nanoTime();
  }

  /** Since the clock was started, and what the training took before its checkpoint. */
  double seconds() {
    return secondsBefore + (System.nanoTime() - startNanos) / 1e9;
  }

  /** Writes a checkpoint to where this training saves, on the rank that writes. */
  void save(OpenEpoch present) {
    TrainerSettings settings = setup.settings();
    settings
        .directory()
        .filter(_ -> settings.ranks().isFirst())
        .ifPresent(directory -> save(directory, present));
  }

  /**
   * @param present what is done of the epoch that is under way
   * @throws io.millrace.BadInputException if it cannot be written
   */
  void save(Path directory, OpenEpoch present) {
    CheckpointHeader progress =
        new CheckpointHeader(
            epoch,
            present,
            optimizer.numSteps(),
            learningRate.plateau(),
            best.epoch(),
            history.storedIn(directory),
            history.recent(),
            seconds(),
            best.kept() ? Optional.of(best.valid()) : Optional.empty(),
            changedLearningRate());
    try (NDList weights = network.copy()) {
      Checkpoint.write(
          directory,
          setup.identity(),
          progress,
          Map.of(
              Part.WEIGHTS, weights, Part.OPTIMIZER, optimizer.state(), Part.BEST, best.weights()));
    }
    history.storeRecent();
  }

  private OptionalDouble changedLearningRate() {
    double base = learningRate.base();
    return base == setup.settings().optimizer().learningRate()
        ? OptionalDouble.empty()
        : OptionalDouble.of(base);
  }

  /**
   * Goes on from what another training has saved.
   *
   * @throws io.millrace.BadInputException if there is no checkpoint, it is damaged, or not of this
   *     training
   */
  void restore(Path directory) {
    Checkpoint checkpoint = Checkpoint.read(directory);
    checkpoint.requireSame(setup.identity());
    restore(directory, checkpoint);
    CheckpointHeader progress = checkpoint.progress();
    learningRate.restore(progress.plateau());
    progress.learningRate().ifPresent(learningRate::base);
    open = progress.open();
  }

  /**
   * Goes on from what another training has saved between two epochs, whatever its settings were.
   *
   * @throws io.millrace.BadInputException if there is no checkpoint, it is damaged, within an
   *     epoch, or of other arrays
   */
  void takeOver(Path directory) {
    Checkpoint checkpoint = Checkpoint.read(directory);
    if (!checkpoint.progress().open().equals(OpenEpoch.NONE)) {
      throw BadInputException.of("checkpoint is of a part of an epoch", "directory", directory);
    }
    restore(directory, checkpoint);
  }

  private void restore(Path directory, Checkpoint checkpoint) {
    CheckpointHeader progress = checkpoint.progress();
    try (NDList weights = checkpoint.arrays(Part.WEIGHTS, network.manager());
        NDList moments = checkpoint.arrays(Part.OPTIMIZER, network.manager())) {
      network.restore(weights);
      optimizer.restore(progress.steps(), moments);
    }
    progress
        .bestValid()
        .ifPresent(
            kept ->
                best.keep(progress.best(), kept, checkpoint.arrays(Part.BEST, network.manager())));
    history.restore(directory, progress.history(), progress.recent());
    epoch = progress.epoch();
    weightsEpoch = epoch;
    secondsBefore = progress.seconds();
  }

  @Override
  public void close() {
    best.close();
    optimizer.close();
    network.close();
  }
}
