package io.millrace.sweeps;

import io.millrace.BadInputException;
import io.millrace.ranks.RankFailedException;
import io.millrace.sweeps.SweepRanks.Order;
import io.millrace.sweeps.SweepRanks.Work;
import io.millrace.sweeps.schedule.TrialDecision;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Metric;
import io.millrace.transfer.SharedBatches;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Trains trials, each in its folder, from its checkpoint on. Thread-safe: different trials may
 * train at the same time, unless ranks share them.
 */
final class TrialRunner {
  private final TrialTraining training;
  private final Path sweep;
  private final long samplingSeed;
  private final SweepRanks ranks;
  private final Optional<SharedBatches> batches;

  /**
   * @param batches that the trials share, if they do
   */
  TrialRunner(TrialTraining training, SweepSettings settings, Optional<SharedBatches> batches) {
    this(training, settings.folder(), settings.samplingSeed(), settings.ranks(), batches);
  }

  /**
   * @param sweep its folder
   */
  TrialRunner(
      TrialTraining training,
      Path sweep,
      long samplingSeed,
      SweepRanks ranks,
      Optional<SharedBatches> batches) {
    this.training = training;
    this.sweep = sweep;
    this.samplingSeed = samplingSeed;
    this.ranks = ranks;
    this.batches = batches;
  }

  Path folder(Trial trial) {
    return sweep.resolve(String.format(Locale.ROOT, "trial-%03d", trial.number()));
  }

  /**
   * Trains a trial until a report is answered with that it leaves. Epochs that are in its
   * checkpoint already, but not in the log, are reported and not trained again.
   *
   * @param done epochs that are in the log
   */
  void train(Trial trial, int done, EpochReports reports) {
    ranks.order(new Order(Work.TRAIN, trial, done));
    train(trial, done, Optional.of(reports));
  }

  /** Does what rank 0 orders, until the sweep ends. */
  void follow() {
    for (Order order = ranks.next(); order.work() != Work.END; order = ranks.next()) {
      if (order.work() == Work.TRAIN) {
        train(order.trial(), order.epochs(), Optional.empty());
      } else {
        try (GraphTrainer trainer = tested(order.trial()).build()) {
          requireTrained(trainer, order.trial(), order.epochs());
          trainer.finishFit();
        }
      }
    }
  }

  /**
   * @param reports on the rank that decides
   */
  private void train(Trial trial, int done, Optional<EpochReports> reports) {
    int epoch = done;
    TrialDecision decision = TrialDecision.CONTINUE;
    TrialRanks together = ranks.trial();
    try (GraphTrainer trainer = sharing(trial, together).build()) {
      requireTrained(trainer, trial, done);
      TrainingListener listener =
          reports.isPresent() ? training.listener(trial, folder(trial)) : TrainingListener.NONE;
      while (decision == TrialDecision.CONTINUE) {
        epoch++;
        if (trainer.fitted().map(it -> it.epochs().size()).orElse(0) < epoch) {
          trainer.fitEpoch(listener);
        }
        int last = epoch;
        FitResult result = trainer.fitted().orElseThrow();
        decision = together.decision(() -> report(last, result, reports.orElseThrow()));
      }
      if (reports.isPresent()) {
        training.left(trial, folder(trial), trainer, trainer.fitted().orElseThrow());
      }
    } catch (BadInputException | RankFailedException e) {
      boolean isBack = done > 0 && epoch == done;
      if (isBack || decision != TrialDecision.CONTINUE) {
        throw e; // of what is kept of a trial, not of its training
      }
      String error = together.failure(e).orElseThrow(() -> e);
      if (reports.isPresent()) {
        reports.get().failed(Math.max(1, epoch), error);
      }
    }
  }

  private static TrialDecision report(int epoch, FitResult result, EpochReports reports) {
    Metric metric = result.metric();
    Evaluation valid = result.validations().get(epoch - 1);
    return reports.report(
        epoch, metric.of(valid), metric.goodness(valid), result.epochs().get(epoch - 1).seconds());
  }

  /** Keeps what a trial leaves, if an earlier process was killed before it had kept all of it. */
  void keep(TrialRow row) {
    Trial trial = row.trial();
    boolean hasLeft = row.state() != TrialRow.State.RUNNING && row.state() != TrialRow.State.FAILED;
    boolean isThere = Files.exists(folder(trial)); // or else it is not wanted
    if (hasLeft && isThere && !training.isKept(folder(trial), row.epochs())) {
      try (GraphTrainer trainer = builder(trial).resumeFrom(folder(trial)).build()) {
        requireTrained(trainer, trial, row.epochs());
        training.left(trial, folder(trial), trainer, trainer.fitted().orElseThrow());
      }
    }
  }

  /** The metric on the test nodes, by the weights of the best epoch. */
  OptionalDouble test(Trial trial, int done) {
    ranks.order(new Order(Work.TEST, trial, done));
    try (GraphTrainer trainer = tested(trial).build()) {
      requireTrained(trainer, trial, done);
      FitResult result = trainer.finishFit();
      training.left(trial, folder(trial), trainer, result);
      return result.tested().isPresent()
          ? OptionalDouble.of(result.testMetric())
          : OptionalDouble.empty();
    }
  }

  /** A checkpoint is never behind the log, unless somebody has deleted or replaced it. */
  private void requireTrained(GraphTrainer trainer, Trial trial, int epochs) {
    int found = trainer.fitted().map(it -> it.epochs().size()).orElse(0);
    if (found < epochs) {
      throw BadInputException.of(
          "the checkpoint of a trial is missing or older than the log of the sweep",
          "trial",
          trial.number(),
          "epochs",
          found,
          "log",
          epochs,
          "folder",
          folder(trial));
    }
  }

  /** Makes a trial's model and checkpoint those of another, with the trial's settings. */
  void copy(Trial trial, Trial from) {
    try (GraphTrainer trainer = builder(trial).build()) {
      trainer.continueFrom(folder(from));
      trainer.saveCheckpoint(folder(trial));
      ModelFile.read(folder(from)).save(folder(trial));
    }
    training.copied(trial, folder(from), folder(trial));
  }

  private TrainerBuilder tested(Trial trial) {
    return ranks.share(builder(trial).resumeFrom(folder(trial)));
  }

  private TrainerBuilder sharing(Trial trial, TrialRanks together) {
    TrainerBuilder builder = together.share(builder(trial).resumeFrom(folder(trial)));
    batches.ifPresent(builder::sharedBatches);
    return builder;
  }

  private TrainerBuilder builder(Trial trial) {
    return training
        .trainer(trial)
        .seed(trial.seed())
        .samplingSeed(samplingSeed)
        .saveTo(folder(trial));
  }
}
