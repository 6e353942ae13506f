package io.millrace.sweeps;

import io.millrace.ranks.Collective;
import io.millrace.sweeps.SweepRanks.Order;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A part of a sweep that another process can do: to train a trial from its checkpoint to an epoch,
 * or to test the weights of its best epoch. Immutable.
 *
 * @param trial with the settings that it has now
 * @param folder of the sweep
 * @param samplingSeed of the sweep
 * @param epochs that the trial has trained
 * @param lastEpoch to which it trains; 0 for a test
 */
public record TrialJob(Trial trial, String folder, long samplingSeed, int epochs, int lastEpoch)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /**
   * Does the job, or this rank's part of it: all ranks of the collective call it together. The
   * training needs at least as many virtual nodes as there are ranks. What a rank throws ends it on
   * the others with a {@link io.millrace.ranks.RankFailedException}; a trial that cannot train is
   * in the result.
   *
   * @param ranks stay the caller's
   * @return on rank 0
   * @throws io.millrace.BadInputException if the checkpoint is missing or damaged
   */
  public Optional<JobResult> run(TrialTraining training, Collective ranks) {
    SweepRanks shared = SweepRanks.of(ranks);
    TrialRunner runner =
        new TrialRunner(training, Path.of(folder), samplingSeed, shared, Optional.empty());
    return shared.together(
        () -> {
          if (!shared.isFirst()) {
            runner.follow();
            return Optional.empty();
          }
          JobResult result = lastEpoch == 0 ? test(runner) : train(runner);
          shared.order(Order.END);
          return Optional.of(result);
        });
  }

  private JobResult test(TrialRunner runner) {
    return JobResult.tested(runner.test(trial, epochs));
  }

  private JobResult train(TrialRunner runner) {
    JobResult.Collector collector = new JobResult.Collector(lastEpoch);
    runner.train(trial, epochs, collector);
    return collector.result();
  }
}
