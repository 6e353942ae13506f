package io.millrace.spark.barrier;

import io.millrace.Internal;
import io.millrace.datasets.GraphDataset;
import io.millrace.ranks.ring.RingCollective;
import io.millrace.sweeps.JobResult;
import io.millrace.sweeps.Trial;
import io.millrace.sweeps.TrialJob;
import io.millrace.sweeps.TrialJobs;
import io.millrace.sweeps.TrialTraining;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.torch.TorchDevice;
import java.io.Serial;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Runs each job of a sweep as a barrier stage. Thread-safe; the context stays the caller's.
 *
 * @param plan of the trials
 */
@Internal
public record TrialStages(JavaSparkContext spark, TrialPlan plan) implements TrialJobs {
  @Override
  public JobResult run(TrialJob job) {
    return TrainingStage.run(spark, plan.common(), new Work(plan, job), JobResult.class);
  }

  /** A rank's part of a job. */
  private record Work(TrialPlan plan, TrialJob job) implements RankWork<JobResult> {
    @Serial private static final long serialVersionUID = 1;

    @Override
    public Optional<JobResult> run(RingCollective ring) {
      try (GraphDataset data = GraphDataset.open(Path.of(plan.common().dataset()))) {
        TorchDevice device = RankTask.device(plan.common().useGpu());
        return job.run(new Training(plan, data, device), ring);
      }
    }
  }

  /** The trials in a task. */
  private record Training(TrialPlan plan, GraphDataset data, TorchDevice device)
      implements TrialTraining {
    @Override
    public TrainerBuilder trainer(Trial trial) {
      return plan.trainer(trial, data, device);
    }

    @Override
    public TrainingListener listener(Trial trial, Path folder) {
      return RankTask.stopWhenKilled();
    }
  }
}
