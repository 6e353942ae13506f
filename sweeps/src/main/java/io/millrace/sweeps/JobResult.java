package io.millrace.sweeps;

import io.millrace.sweeps.schedule.TrialDecision;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.OptionalDouble;

/** What a {@link TrialJob} sends back. Immutable. */
public final class JobResult implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** The arguments of a report. */
  private record Epoch(int number, double valid, double score, double seconds)
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  private final ArrayList<Epoch> epochs = new ArrayList<>();
  private int failedEpoch;
  private String error = "";
  private double test = Double.NaN;

  private JobResult() {}

  static JobResult tested(OptionalDouble test) {
    JobResult result = new JobResult();
    result.test = test.orElse(Double.NaN);
    return result;
  }

  /** The metric of a test; empty if no test node has a label, or the job was a training. */
  OptionalDouble test() {
    return Double.isNaN(test) ? OptionalDouble.empty() : OptionalDouble.of(test);
  }

  /** Reports again all that was reported. */
  TrialDecision report(EpochReports reports) {
    TrialDecision decision = TrialDecision.CONTINUE;
    for (Epoch it : epochs) {
      decision = reports.report(it.number, it.valid, it.score, it.seconds);
    }
    if (failedEpoch > 0) {
      reports.failed(failedEpoch, error);
      decision = TrialDecision.STOP;
    }
    return decision;
  }

  /** Collects what a training reports, and ends it after an epoch. */
  static final class Collector implements EpochReports {
    private final JobResult result = new JobResult();
    private final int lastEpoch;

    Collector(int lastEpoch) {
      this.lastEpoch = lastEpoch;
    }

    @Override
    public TrialDecision report(int epoch, double valid, double score, double seconds) {
      result.epochs.add(new Epoch(epoch, valid, score, seconds));
      return epoch < lastEpoch ? TrialDecision.CONTINUE : TrialDecision.PAUSE;
    }

    @Override
    public void failed(int epoch, String error) {
      result.failedEpoch = epoch;
      result.error = error;
    }

    /** Once the training has ended. */
    JobResult result() {
      return result;
    }
  }
}
