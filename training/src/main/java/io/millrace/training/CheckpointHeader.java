package io.millrace.training;

import io.millrace.training.metrics.Evaluation;
import io.millrace.training.optim.PlateauState;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a training has come: what a {@link Checkpoint} says beside its arrays. Immutable.
 *
 * @param epoch that is trained next, from 0
 * @param open what is done of it
 * @param steps of the optimizer
 * @param plateau of the learning rate's schedule
 * @param best epoch on the validation nodes, -1 if none was validated
 * @param finished the epochs of {@link GraphTrainer#fit}, in order
 * @param seconds that fit took so far
 */
record CheckpointHeader(
    int epoch,
    OpenEpoch open,
    long steps,
    PlateauState plateau,
    int best,
    List<FinishedEpoch> finished,
    double seconds) {
  CheckpointHeader {
    Objects.requireNonNull(open, "open");
    Objects.requireNonNull(plateau, "plateau");
    finished = List.copyOf(finished);
  }

  /** Of the best epoch, if there is one. */
  Optional<Evaluation> bestValid() {
    return finished.stream()
        .filter(it -> it.report().epoch() == best)
        .map(FinishedEpoch::valid)
        .findFirst();
  }
}
