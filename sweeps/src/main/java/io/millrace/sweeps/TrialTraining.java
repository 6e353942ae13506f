package io.millrace.sweeps;

import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import java.nio.file.Path;

/**
 * What a sweep trains: the settings of a trial as a trainer. Called by several threads at once if
 * trials train in parallel, for a trial by one. Of ranks that share a sweep, all ask for trainers,
 * and rank 0 alone calls the other methods, which must not use the collective.
 */
@FunctionalInterface
public interface TrialTraining {
  /**
   * A builder with the settings of a trial. The sweep adds seeds, folder and ranks. A schedule that
   * depends on the number of epochs takes the most that the sweep trains.
   *
   * @throws io.millrace.BadInputException if the settings do not fit each other: the trial fails,
   *     and the sweep goes on
   */
  TrainerBuilder trainer(Trial trial);

  /** Is told of each batch and epoch of a trial, from where it is on; by default nothing is. */
  default TrainingListener listener(Trial trial, Path folder) {
    return TrainingListener.NONE;
  }

  /**
   * A trial leaves its worker, at the end or to resume later; the winner once more at the end of
   * the sweep, with its test.
   *
   * @param folder has its model and checkpoint
   * @param trainer not closed yet
   * @param result so far
   */
  default void left(Trial trial, Path folder, GraphTrainer trainer, FitResult result) {}

  /**
   * Whether {@link #left} has kept all that it keeps of a trial that left after so many epochs. If
   * it has not, because the process was killed, a sweep that resumes calls it again.
   */
  default boolean isKept(Path folder, int epochs) {
    return true;
  }

  /**
   * A trial continues as a copy of another. The sweep has copied model and checkpoint.
   *
   * @param from the folder of the other
   */
  default void copied(Trial trial, Path from, Path folder) {}
}
