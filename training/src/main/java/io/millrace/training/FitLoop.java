package io.millrace.training;

import io.millrace.BadInputException;
import io.millrace.datasets.Split;
import io.millrace.ranks.RanksPausedException;
import io.millrace.training.CheckpointHeader.FinishedEpoch;
import io.millrace.training.CheckpointHeader.OpenEpoch;
import io.millrace.training.metrics.Evaluation;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The loop of {@link GraphTrainer#fit}: epoch, validation, best model, checkpoint, and at the end
 * the test.
 *
 * <p>Used once, on the trainer's thread; owns nothing. The next class to read is {@link
 * TrainingState}.
 */
final class FitLoop {
  private final GraphTrainer trainer;
  private final TrainingSetup setup;
  private final TrainerSettings settings;
  private final TrainingState state;

  FitLoop(GraphTrainer trainer, TrainingSetup setup, TrainingState state) {
    this.trainer = trainer;
    this.setup = setup;
    settings = setup.settings();
    this.state = state;
  }

  /**
   * Checks, before the training, that all of it can be done.
   *
   * @throws BadInputException if not
   */
  void requirePossible(int numEpochs) {
    if (numEpochs < 1) {
      throw BadInputException.of("training needs at least one epoch", "epochs", numEpochs);
    }
    int done = state.finished().size();
    if (done > numEpochs) {
      throw BadInputException.of(
          "checkpoint is past the last epoch", "epochs", numEpochs, "done", done);
    }
    setup.task().requireEvaluable(Split.VALID);
    if (setup.task().hasLabels(Split.TEST)) {
      setup.task().requireEvaluable(Split.TEST);
    }
  }

  FitResult run(int numEpochs, TrainingListener listener) {
    state.startClock();
    if (state.best().kept()) {
      saveModel(); // what the checkpoint holds, to where this training saves
    }
    while (state.finished().size() < numEpochs && !outOfPatience()) {
      epoch(listener);
    }
    return finish();
  }

  /** Returns to the best weights, and tests them. */
  FitResult finish() {
    state.restoreBest();
    return result(
        setup.task().hasLabels(Split.TEST)
            ? Optional.of(trainer.evaluate(Split.TEST))
            : Optional.empty());
  }

  /** Trains and validates an epoch, and saves what is to be saved. */
  Evaluation epoch(TrainingListener listener) {
    EpochReport report = trainer.trainEpoch(listener);
    Evaluation valid = trainer.evaluate(Split.VALID);
    if (state.validated(report, valid)) {
      saveModel();
    }
    listener.epochDone(report, valid); // comes first: an epoch in the checkpoint was reported
    state.save(OpenEpoch.NONE);
    return valid;
  }

  /** Of the epochs so far; at least one must be validated. */
  FitResult result(Optional<Evaluation> test) {
    BestWeights best = state.best();
    return new FitResult(
        settings.objective().metric(),
        best.epoch(),
        best.valid(),
        test,
        state.finished().stream().map(FinishedEpoch::report).toList(),
        state.finished().stream().map(FinishedEpoch::valid).toList(),
        trainer.numParameters(),
        state.seconds());
  }

  /** A checkpoint is written. */
  private void pauseIfAsked() {
    Optional<RanksPausedException> pause = settings.ranks().pause();
    if (pause.isPresent()) {
      throw pause.get();
    }
  }

  private boolean outOfPatience() {
    OptionalInt patience = settings.patience();
    return patience.isPresent()
        && state.best().kept()
        && state.epoch() - 1 - state.best().epoch() >= patience.getAsInt();
  }

  private void saveModel() {
    settings
        .directory()
        .filter(_ -> settings.ranks().isFirst())
        .ifPresent(dir -> state.bestModel().save(dir));
  }
}
