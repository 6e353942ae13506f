package io.millrace.sweeps;

/**
 * Runs trials elsewhere, for example on a cluster: each stay of a trial with a worker is a job, and
 * so is the test of the winner. Thread-safe: {@link SweepBuilder#parallel} jobs run at the same
 * time.
 */
@FunctionalInterface
public interface TrialJobs {
  /**
   * Runs a job, and waits for it. The processes that it runs on call {@link TrialJob#run}, and see
   * the sweep's folder under the same name. A job that is lost with its machine may be run again:
   * it resumes from the trial's checkpoint.
   *
   * @return what rank 0 has returned
   * @throws RuntimeException whatever it is ends the sweep; a trial that cannot train is in the
   *     result
   */
  JobResult run(TrialJob job);
}
