package io.millrace.training;

import com.google.gson.annotations.SerializedName;
import io.millrace.sampler.EpochPlan;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.metrics.Scores;
import io.millrace.training.optim.Schedule.PlateauState;
import io.millrace.transfer.EpochStats;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far a training has come: what a {@link Checkpoint} stores next to its arrays, as JSON with
 * the names of the components. Immutable.
 *
 * @param epoch the epoch that is trained next, from 0
 * @param open the part of it that is done
 * @param steps how many steps the optimizer has made
 * @param plateau state of the learning rate's schedule
 * @param best the epoch with the best validation, -1 if none was validated
 * @param history the epochs of {@link GraphTrainer#fit} that lie next to the checkpoint
 * @param recent those after them, in order; all of them in older checkpoints, which call them
 *     "finished"
 * @param seconds time of fit so far
 * @param bestValid the validation of the best epoch, if there is one
 * @param learningRate the base learning rate, if {@link GraphTrainer#learningRate(double)} changed
 *     it
 */
record CheckpointHeader(
    int epoch,
    OpenEpoch open,
    long steps,
    PlateauState plateau,
    int best,
    EpochHistory.Stored history,
    @SerializedName(value = "recent", alternate = "finished") List<FinishedEpoch> recent,
    double seconds,
    Optional<Evaluation> bestValid,
    OptionalDouble learningRate) {
  /** Older checkpoints have no history and lack the last two components. */
  CheckpointHeader {
    Objects.requireNonNull(open, "open");
    Objects.requireNonNull(plateau, "plateau");
    history = history == null ? EpochHistory.Stored.NONE : history;
    recent = List.copyOf(recent);
    bestValid = bestValid == null ? validation(recent, best) : bestValid;
    learningRate = learningRate == null ? OptionalDouble.empty() : learningRate;
  }

  /**
   * The part of an epoch that is done.
   *
   * @param stats of its first batches
   * @param sums losses and counts of those batches
   */
  record OpenEpoch(EpochStats stats, Scores.Sums sums) {
    /** An epoch that has not begun. */
    static final OpenEpoch NONE = new OpenEpoch(EpochStats.NONE, Scores.Sums.NONE);

    /** The first step of the epoch that is not done. */
    int firstStep(EpochPlan.Epoch epoch) {
      return epoch.stepOf(Math.toIntExact(stats.numBatches()));
    }
  }

  /**
   * An epoch of {@link GraphTrainer#fit}.
   *
   * @param valid the evaluation on the validation nodes after it
   */
  record FinishedEpoch(EpochReport report, Evaluation valid) {
    FinishedEpoch {
      Objects.requireNonNull(report, "report");
      Objects.requireNonNull(valid, "valid");
    }
  }

  private static Optional<Evaluation> validation(List<FinishedEpoch> epochs, int epoch) {
    return epochs.stream()
        .filter(it -> it.report().epoch() == epoch)
        .map(FinishedEpoch::valid)
        .findFirst();
  }
}
