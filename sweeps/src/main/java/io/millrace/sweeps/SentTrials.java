package io.millrace.sweeps;

import io.millrace.sweeps.schedule.TrialDecision;
import java.util.OptionalDouble;

/** Sends trials away as jobs, and reports what they send back. Thread-safe. */
final class SentTrials {
  private final TrialJobs jobs;
  private final SweepSettings settings;

  SentTrials(TrialJobs jobs, SweepSettings settings) {
    this.jobs = jobs;
    this.settings = settings;
  }

  /** Lets a trial train until the desk decides that it leaves. */
  void train(TrialRow row, SweepDesk desk) {
    int trial = row.trial().number();
    int epochs = row.epochs();
    TrialDecision decision = TrialDecision.CONTINUE;
    while (decision == TrialDecision.CONTINUE) {
      int last = desk.nextStop(trial, epochs);
      decision = run(row.trial(), epochs, last).report(desk.reports(trial));
      epochs = last;
    }
  }

  /** The metric on the test nodes, by the weights of the best epoch. */
  OptionalDouble test(TrialRow row) {
    return run(row.trial(), row.epochs(), 0).test();
  }

  private JobResult run(Trial trial, int epochs, int lastEpoch) {
    String folder = settings.folder().toAbsolutePath().toString();
    return jobs.run(new TrialJob(trial, folder, settings.samplingSeed(), epochs, lastEpoch));
  }
}
