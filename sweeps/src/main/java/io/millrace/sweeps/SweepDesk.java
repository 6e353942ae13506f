package io.millrace.sweeps;

import io.millrace.BadInputException;
import io.millrace.sweeps.SweepEvent.Began;
import io.millrace.sweeps.SweepEvent.Copied;
import io.millrace.sweeps.SweepEvent.Failed;
import io.millrace.sweeps.SweepEvent.Reported;
import io.millrace.sweeps.TrialRow.State;
import io.millrace.sweeps.schedule.TrialCopy;
import io.millrace.sweeps.schedule.TrialDecision;
import io.millrace.sweeps.schedule.TrialScheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.IntFunction;

/**
 * Where the workers of a sweep take trials and report epochs. Each decision is the scheduler's, is
 * made under one lock, and is in the log before it has an effect. A sweep that resumes makes the
 * decisions of its log again: so the scheduler is where it was, rungs included.
 *
 * <p>Thread-safe, once {@link #resume} has been called or not. The log stays the caller's.
 */
final class SweepDesk {
  private final TrialScheduler scheduler;
  private final IntFunction<Trial> newTrial;
  private final BiFunction<TrialCopy, Trial, Copied> copier;
  private final SweepLog log;
  private final SweepTable table;
  private final SweepListener listener;
  private final Queue<Integer> underWay = new ArrayDeque<>();
  private final List<TrialCopy> dueCopies = new ArrayList<>();
  private Optional<Throwable> failure = Optional.empty();

  /**
   * @param newTrial the settings of a trial by its number
   * @param copier carries out a copy from the other trial, and says with which settings
   */
  SweepDesk(
      TrialScheduler scheduler,
      IntFunction<Trial> newTrial,
      BiFunction<TrialCopy, Trial, Copied> copier,
      SweepLog log,
      SweepTable table,
      SweepListener listener) {
    this.scheduler = scheduler;
    this.newTrial = newTrial;
    this.copier = copier;
    this.log = log;
    this.table = table;
    this.listener = listener;
  }

  /**
   * Makes the decisions of an earlier run again.
   *
   * @throws BadInputException if the scheduler decides otherwise: the log is not of this sweep
   */
  synchronized void resume(List<SweepEvent> events) {
    for (SweepEvent event : events) {
      switch (event) {
        case Began it -> requireSame(event, scheduler.next().equals(OptionalInt.of(it.trial())));
        case Reported it -> {
          TrialDecision now = scheduler.report(it.trial(), it.epoch(), it.score());
          requireSame(event, now == it.decision());
          dueCopies.addAll(scheduler.takeCopies());
        }
        case Failed it -> {
          TrialDecision now = scheduler.report(it.trial(), it.epoch(), Double.NaN);
          requireSame(event, now == it.decision());
          dueCopies.addAll(scheduler.takeCopies());
        }
        case Copied it ->
            requireSame(event, dueCopies.remove(new TrialCopy(it.trial(), it.from(), it.round())));
        case SweepEvent.Opened _, SweepEvent.Tested _ -> {}
      }
      table.apply(event);
    }
    listener.resumed(table.ranked());
    copyDue();
    table.rows().stream()
        .filter(row -> row.state() == State.RUNNING)
        .forEach(row -> underWay.add(row.trial().number()));
  }

  private static void requireSame(SweepEvent event, boolean same) {
    if (!same) {
      throw BadInputException.of("the log is of another sweep", "decision", event);
    }
  }

  /** The trial that a worker trains next; it may wait for one. Empty if there is none any more. */
  synchronized Optional<TrialRow> take() {
    while (failure.isEmpty()) {
      if (!underWay.isEmpty()) {
        return Optional.of(table.row(underWay.remove()));
      }
      OptionalInt next = scheduler.next();
      if (next.isPresent()) {
        return Optional.of(begin(next.getAsInt()));
      }
      if (scheduler.isDone()) {
        return Optional.empty();
      }
      try {
        wait();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new CancellationException("the sweep was interrupted");
      }
    }
    return Optional.empty();
  }

  private TrialRow begin(int number) {
    TrialRow known = table.row(number);
    Trial trial = known == null ? newTrial.apply(number) : known.trial();
    int epoch = known == null ? 0 : known.epochs();
    record(new Began(number, epoch, trial.seed(), trial.settings()));
    return table.row(number);
  }

  /**
   * Records an epoch of a trial.
   *
   * @param valid the metric, of which {@code score} is the higher the better
   */
  private synchronized TrialDecision report(
      int trial, int epoch, double valid, double score, double seconds) {
    requireGoingOn();
    TrialDecision decision = scheduler.report(trial, epoch, score);
    decided(new Reported(trial, epoch, valid, score, seconds, decision));
    return decision;
  }

  /** The epoch after which a trial may leave next, see {@link TrialScheduler#nextStop}. */
  synchronized int nextStop(int trial, int epoch) {
    requireGoingOn();
    return scheduler.nextStop(trial, epoch);
  }

  /** Where a trial's epochs are reported. */
  EpochReports reports(int trial) {
    return new EpochReports() {
      @Override
      public TrialDecision report(int epoch, double valid, double score, double seconds) {
        return SweepDesk.this.report(trial, epoch, valid, score, seconds);
      }

      @Override
      public void failed(int epoch, String error) {
        SweepDesk.this.failed(trial, epoch, error);
      }
    };
  }

  /** Records that a trial cannot train. */
  private synchronized void failed(int trial, int epoch, String error) {
    requireGoingOn();
    TrialDecision decision = scheduler.report(trial, epoch, Double.NaN);
    decided(new Failed(trial, epoch, error, decision));
  }

  private void requireGoingOn() {
    if (failure.isPresent()) {
      throw new CancellationException("another trial has ended the sweep");
    }
  }

  private void decided(SweepEvent event) {
    record(event);
    dueCopies.addAll(scheduler.takeCopies());
    copyDue();
    notifyAll();
  }

  private void copyDue() {
    while (!dueCopies.isEmpty()) {
      TrialCopy copy = dueCopies.getFirst();
      record(copier.apply(copy, table.row(copy.from()).trial()));
      dueCopies.removeFirst();
    }
  }

  synchronized void record(SweepEvent event) {
    log.append(event);
    table.apply(event);
    listener.happened(event, table.ranked());
  }

  /** Lets all workers end, because one of them cannot go on. */
  synchronized void fail(Throwable cause) {
    if (failure.isEmpty()) {
      failure = Optional.of(cause);
    }
    notifyAll();
  }

  /** Why the sweep cannot go on. */
  synchronized Optional<Throwable> failure() {
    return failure;
  }
}
