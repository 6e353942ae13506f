package io.millrace.sweeps;

import io.millrace.BadInputException;
import io.millrace.Require;
import io.millrace.datasets.GraphDataset;
import io.millrace.ranks.Collective;
import io.millrace.sweeps.space.SearchSpace;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The settings of a {@link GraphSweep}; search space and folder have no default. */
public final class SweepBuilder {
  /** Default number of trials. */
  public static final int TRIALS = 20;

  private final TrialTraining training;
  private SearchSpace space;
  private Path folder;
  private int trials = TRIALS;
  private ScheduleOptions schedule = ScheduleOptions.asha(ScheduleOptions.MAX_EPOCHS);
  private int parallel = 1;
  private boolean sharesBatches = true;
  private long seed;
  private OptionalLong samplingSeed = OptionalLong.empty();
  private boolean resume;
  private Optional<Path> replay = Optional.empty();
  private Optional<Set<String>> changing = Optional.empty();
  private String about = "";
  private SweepRanks ranks = SweepRanks.ALONE;
  private Optional<TrialJobs> jobs = Optional.empty();

  SweepBuilder(TrialTraining training) {
    this.training = training;
  }

  /** What the trials try. */
  public SweepBuilder space(SearchSpace value) {
    space = Objects.requireNonNull(value, "space");
    return this;
  }

  /**
   * Where the sweep is kept; a folder that is missing, empty, or of a sweep that {@link #resume
   * resumes}.
   */
  public SweepBuilder saveTo(Path value) {
    folder = Objects.requireNonNull(value, "folder");
    return this;
  }

  /** How many trials there are; {@value #TRIALS} by default. */
  public SweepBuilder trials(int value) {
    trials = Require.positive("trials", value);
    return this;
  }

  /** Which trials go on; ASHA in its promotion form over 27 epochs by default. */
  public SweepBuilder schedule(ScheduleOptions value) {
    schedule = Objects.requireNonNull(value, "schedule");
    return this;
  }

  /**
   * How many trials train at a time, 1 by default. With more, which trials ASHA promotes depends on
   * their times; {@link #replay} repeats it.
   */
  public SweepBuilder parallel(int value) {
    parallel = Require.threads("parallel", value);
    return this;
  }

  /**
   * Whether trials that train at the same time share what one of them samples, as they do by
   * default: those of equal fanout and batch size read the same slots. The result is the same.
   */
  public SweepBuilder sharesBatches(boolean value) {
    sharesBatches = value;
    return this;
  }

  /** Determines the batches of all trials; that of {@link #seed} by default. */
  public SweepBuilder samplingSeed(long value) {
    samplingSeed = OptionalLong.of(value);
    return this;
  }

  /** Determines the trials' settings and seeds, and all batches; 0 by default. */
  public SweepBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** Continues a sweep of the same settings where it was killed; begins it if there is none. */
  public SweepBuilder resume(boolean value) {
    resume = value;
    return this;
  }

  /** Makes the decisions of another sweep of the same settings again, by its trials.jsonl. */
  public SweepBuilder replay(Path log) {
    replay = Optional.of(log);
    return this;
  }

  /**
   * The names of settings that population-based training may change in a trial, as learning rate
   * and dropout, which no weight's shape depends on; by default all of the space.
   */
  public SweepBuilder changing(Set<String> names) {
    changing = Optional.of(Set.copyOf(names));
    return this;
  }

  /**
   * What else the trials depend on, as dataset and fixed settings; a sweep resumes with the same.
   */
  public SweepBuilder about(String value) {
    about = Objects.requireNonNull(value, "about");
    return this;
  }

  /**
   * The same for a dataset and settings of all trials, in the words by which a sweep of the command
   * and one on Spark resume each other.
   *
   * @param fixed settings by their names, as options of {@code train}
   */
  public SweepBuilder about(GraphDataset data, Map<String, String> fixed) {
    return about(
        fixed.entrySet().stream()
            .map(it -> " --" + it.getKey() + "=" + it.getValue())
            .sorted()
            .collect(Collectors.joining("", data.name() + " " + data.fingerprint(), "")));
  }

  /**
   * Shares each trial with the other ranks of a collective, which run a sweep of the same settings:
   * rank 0 decides which trial trains, and alone reads and writes the folder. Trials need at least
   * as many virtual nodes as there are ranks, see {@link
   * io.millrace.training.TrainerBuilder#virtualNodes}. With one compute thread, the results are
   * those of one process, bit for bit, and a sweep may resume with another number of ranks. A trial
   * that cannot train on a rank fails on all of them, and the sweep goes on. Whatever else a rank
   * throws ends the sweep on the others with a {@link io.millrace.ranks.RankFailedException}.
   *
   * @param value stays the caller's, who closes it after the sweep
   */
  public SweepBuilder collective(Collective value) {
    ranks = SweepRanks.of(value);
    return this;
  }

  /**
   * Lets trials train elsewhere: each time a trial trains up to where it may leave is a job, and so
   * is the test of the winner. With one compute thread the results are those of this process. The
   * {@link TrialTraining} of this process is only used to copy trials in population-based training;
   * batches are not shared.
   *
   * @param value runs the jobs, each on ranks of its own
   */
  public SweepBuilder jobs(TrialJobs value) {
    jobs = Optional.of(value);
    return this;
  }

  /**
   * @throws BadInputException if the settings do not fit each other
   */
  public GraphSweep build() {
    Objects.requireNonNull(space, "space");
    Objects.requireNonNull(folder, "folder");
    schedule.scheduler(trials, seed); // refuses the impossible
    if (replay.isPresent() && schedule.kind() != SchedulerKind.ASHA) {
      throw BadInputException.of(
          "only decisions of asha depend on time and are replayed", "scheduler", schedule);
    }
    if (parallel > 1 && ranks.size() > 1) {
      throw BadInputException.of(
          "ranks share one trial at a time", "parallel", parallel, "ranks", ranks.size());
    }
    if (jobs.isPresent() && ranks.size() > 1) {
      throw BadInputException.of("jobs have ranks of their own", "ranks", ranks.size());
    }
    SweepSettings settings =
        new SweepSettings(
            space,
            folder,
            trials,
            schedule,
            parallel,
            sharesBatches,
            seed,
            samplingSeed.orElse(seed),
            resume,
            replay,
            changing.orElse(Set.copyOf(space.names())),
            about,
            ranks,
            jobs);
    return new GraphSweep(training, settings);
  }
}
