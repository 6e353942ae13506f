package io.millrace.sweeps;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.WriterLock;
import io.millrace.sweeps.SweepEvent.Began;
import io.millrace.sweeps.SweepEvent.Copied;
import io.millrace.sweeps.SweepEvent.Failed;
import io.millrace.sweeps.SweepEvent.Opened;
import io.millrace.sweeps.SweepEvent.Reported;
import io.millrace.sweeps.SweepEvent.Tested;
import io.millrace.sweeps.SweepRanks.Order;
import io.millrace.sweeps.schedule.RecordedDecisions;
import io.millrace.sweeps.schedule.RecordedDecisions.Stay;
import io.millrace.sweeps.schedule.TrialCopy;
import io.millrace.sweeps.schedule.TrialDecision;
import io.millrace.sweeps.schedule.TrialScheduler;
import io.millrace.training.files.ModelFile;
import io.millrace.transfer.SharedBatches;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Many trainings on one graph, with settings from a search space, of which bad ones stop early.
 *
 * <pre>{@code
 * SweepResult result =
 *     GraphSweep.builder(
 *             trial ->
 *                 GraphTrainer.builder(data)
 *                     .model(GraphSage.of(trial.integer("hidden"), 2))
 *                     .learningRate(trial.real("lr")))
 *         .space(SearchSpace.read(Path.of("space.yaml")))
 *         .saveTo(Path.of("sweep"))
 *         .build()
 *         .run(SweepListener.NONE);
 * }</pre>
 *
 * <p>The folder has {@code trials.jsonl}, a line for each report and decision, and for each trial
 * {@code trial-NNN} with its model and checkpoint. A sweep that is killed resumes; with one trial
 * at a time and one compute thread, its results are those of one that was never interrupted. The
 * test nodes are looked at once, by the winner.
 *
 * <p>{@link #run} is called once. One process at a time writes to a folder. Datasets stay the
 * caller's. Next class to read: {@link TrialTraining}.
 */
public final class GraphSweep {
  /** Trials whose batches take longer by this factor do not hold the others back. */
  private static final double SPLIT = 1.5;

  private final TrialTraining training;
  private final SweepSettings settings;

  GraphSweep(TrialTraining training, SweepSettings settings) {
    this.training = training;
    this.settings = settings;
  }

  public static SweepBuilder builder(TrialTraining training) {
    return new SweepBuilder(training);
  }

  /**
   * Runs the sweep, or the rest of it.
   *
   * @param listener called on rank 0 only, if ranks share the sweep
   * @throws BadInputException if the folder has files and is not to be resumed, or a sweep of other
   *     settings, or cannot be written, or another process writes there; if no trial could train
   * @throws CancellationException if the thread is interrupted
   * @throws io.millrace.ranks.RankFailedException if another rank has failed
   */
  public SweepResult run(SweepListener listener) {
    SweepRanks ranks = settings.ranks();
    return ranks.together(
        () -> {
          ranks.requireSame(settings.identity());
          return ranks.isFirst() ? lead(listener) : follow();
        });
  }

  private SweepResult lead(SweepListener listener) {
    requireNew();
    try (WriterLock _ = WriterLock.of(settings.folder());
        SweepLog log = SweepLog.open(settings.folder())) {
      SweepTable table = new SweepTable(settings.schedule().maxEpochs());
      TrialRunner runner = new TrialRunner(training, settings, Optional.empty());
      SweepDesk desk = new SweepDesk(scheduler(), this::trial, this::copy, log, table, listener);
      List<SweepEvent> before = SweepLog.read(log());
      if (before.isEmpty()) {
        desk.record(new Opened(settings.identity()));
      } else {
        requireSame(before, log());
        desk.resume(before);
        table.rows().forEach(runner::keep);
      }
      BatchCounts counts = train(desk);
      return finish(runner, desk, table, counts);
    }
  }

  /** Trains what rank 0 orders; the result is the same. */
  private SweepResult follow() {
    TrialRunner runner = new TrialRunner(training, settings, Optional.empty());
    runner.follow();
    SweepTable table = new SweepTable(settings.schedule().maxEpochs());
    SweepLog.parse(log(), settings.ranks().ofFirst(() -> new byte[0])).forEach(table::apply);
    return result(runner, table, BatchCounts.NONE);
  }

  private Path log() {
    return settings.folder().resolve(SweepLog.FILE);
  }

  private void requireNew() {
    Path folder = settings.folder();
    if (settings.resume() || !Files.exists(folder) || WriterLock.isLeftOver(folder)) {
      return;
    }
    String[] names = folder.toFile().list();
    if (names == null || names.length > 0) {
      if (names != null) {
        WriterLock.of(folder).close(); // names a process that writes there
      }
      throw BadInputException.of("output exists already, --resume continues it", "--out", folder);
    }
  }

  private TrialScheduler scheduler() {
    return settings
        .replay()
        .<TrialScheduler>map(file -> new RecordedDecisions(stays(file)))
        .orElseGet(() -> settings.schedule().scheduler(settings.trials(), settings.seed()));
  }

  private List<Stay> stays(Path file) {
    if (!Files.exists(file)) {
      throw BadInputException.of("no such log of a sweep", "--replay", file);
    }
    List<SweepEvent> events = SweepLog.read(file);
    requireSame(events, file);
    Map<Integer, Integer> open = new HashMap<>();
    List<Stay> stays = new ArrayList<>();
    for (SweepEvent event : events) {
      switch (event) {
        case Began it -> {
          open.put(it.trial(), stays.size());
          stays.add(new Stay(it.trial(), Integer.MAX_VALUE, TrialDecision.CONTINUE));
        }
        case Reported it -> end(stays, open, it.trial(), it.epoch(), it.decision());
        case Failed it -> end(stays, open, it.trial(), it.epoch(), it.decision());
        case Opened _, Copied _, Tested _ -> {}
      }
    }
    if (!open.isEmpty() || events.stream().noneMatch(Tested.class::isInstance)) {
      throw BadInputException.of("the sweep to be replayed has not ended", "--replay", file);
    }
    return stays;
  }

  private static void end(
      List<Stay> stays, Map<Integer, Integer> open, int trial, int epoch, TrialDecision decision) {
    if (decision != TrialDecision.CONTINUE) {
      Integer place = open.remove(trial);
      if (place != null) {
        stays.set(place, new Stay(trial, epoch, decision));
      }
    }
  }

  private void requireSame(List<SweepEvent> events, Path file) {
    if (events.isEmpty() || !(events.getFirst() instanceof Opened(Map<String, String> then))) {
      throw BadInputException.of("not a sweep's log", "file", file);
    }
    settings
        .identity()
        .forEach(
            (name, now) -> {
              if (!now.equals(then.get(name))) {
                throw BadInputException.of(
                    "sweep is of another " + name, "now", now, "log", then.get(name), "file", file);
              }
            });
  }

  private Trial trial(int number) {
    return new Trial(
        number, settings.seed() + number, settings.space().draw(settings.seed(), number));
  }

  private Copied copy(TrialCopy copy, Trial from) {
    Map<String, String> changed =
        settings
            .space()
            .explore(
                from.settings(), settings.changing(), settings.seed(), copy.trial(), copy.round());
    Trial trial = new Trial(copy.trial(), settings.seed() + copy.trial(), changed);
    new TrialRunner(training, settings, Optional.empty()).copy(trial, from);
    return new Copied(copy.trial(), copy.from(), copy.round(), changed);
  }

  private BatchCounts train(SweepDesk desk) {
    if (settings.jobs().isPresent()) {
      SentTrials sent = new SentTrials(settings.jobs().get(), settings);
      work(row -> sent.train(row, desk), desk);
      return BatchCounts.NONE;
    }
    if (settings.parallel() == 1 || !settings.sharesBatches()) {
      workHere(Optional.empty(), desk);
      return BatchCounts.NONE;
    }
    try (SharedBatches batches = new SharedBatches(SPLIT)) {
      workHere(Optional.of(batches), desk);
      return new BatchCounts(batches.numSampled(), batches.numRead());
    }
  }

  private void workHere(Optional<SharedBatches> batches, SweepDesk desk) {
    TrialRunner runner = new TrialRunner(training, settings, batches);
    work(row -> runner.train(row.trial(), row.epochs(), desk.reports(row.trial().number())), desk);
  }

  private void work(Consumer<TrialRow> worker, SweepDesk desk) {
    List<Thread> helpers = new ArrayList<>();
    for (int i = 1; i < settings.parallel(); i++) {
      helpers.add(
          Thread.ofPlatform().name("millrace-trial-" + i).start(() -> takeTrials(worker, desk)));
    }
    takeTrials(worker, desk);
    for (Thread helper : helpers) {
      join(helper, desk);
    }
    if (desk.failure().isPresent()) {
      switch (desk.failure().get()) {
        case Error e -> throw e;
        case RuntimeException e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }

  private static void join(Thread helper, SweepDesk desk) {
    boolean interrupted = false;
    while (helper.isAlive()) {
      try {
        helper.join();
      } catch (InterruptedException _) {
        interrupted = true;
        desk.fail(new CancellationException("the sweep was interrupted"));
        helper.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void takeTrials(Consumer<TrialRow> worker, SweepDesk desk) {
    try {
      for (Optional<TrialRow> row = desk.take(); row.isPresent(); row = desk.take()) {
        worker.accept(row.get());
      }
    } catch (Throwable t) {
      desk.fail(t);
    }
  }

  private SweepResult finish(
      TrialRunner runner, SweepDesk desk, SweepTable table, BatchCounts batches) {
    TrialRow best = best(table);
    if (table.tested().isEmpty()) {
      OptionalDouble test = test(runner, best);
      desk.record(new Tested(best.trial().number(), best.valid().orElseThrow(), test));
    }
    ModelFile.read(runner.folder(best.trial())).save(settings.folder());
    settings.ranks().order(Order.END);
    settings.ranks().ofFirst(() -> SweepLog.bytes(log()));
    return result(runner, table, batches);
  }

  private OptionalDouble test(TrialRunner runner, TrialRow best) {
    return settings.jobs().isPresent()
        ? new SentTrials(settings.jobs().get(), settings).test(best)
        : runner.test(best.trial(), best.epochs());
  }

  private static TrialRow best(SweepTable table) {
    return table
        .best()
        .orElseThrow(
            () ->
                BadInputException.of(
                    "no trial could train",
                    "trials",
                    table.rows().size(),
                    "first",
                    table.rows().getFirst().error().orElse("unknown")));
  }

  private SweepResult result(TrialRunner runner, SweepTable table, BatchCounts batches) {
    TrialRow best = best(table);
    return new SweepResult(
        best,
        table.tested().orElseThrow().test(),
        runner.folder(best.trial()),
        table.ranked(),
        table.epochs(),
        batches);
  }
}
