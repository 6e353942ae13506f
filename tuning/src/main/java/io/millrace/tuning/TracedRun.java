package io.millrace.tuning;

import io.millrace.training.BatchProgress;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.transfer.PipelineSize;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;

/**
 * A short training, and what it took; nothing of it is kept.
 *
 * @param metrics without the first batches
 * @param size of the pipeline
 */
record TracedRun(PipelineMetrics metrics, Size size) {
  /**
   * Of a pipeline.
   *
   * @param fewestSlots that it can have
   */
  record Size(int workers, int slots, int fewestSlots) {
    private static Size of(PipelineSize size) {
      return new Size(size.numWorkers(), size.numSlots(), size.fewestSlots());
    }
  }

  /** Ends a training after enough batches. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;

    Enough() {
      super(null, null, false, false);
    }
  }

  /** The pipeline's, as the training was built; nothing is run. */
  static Size sizeOf(TrainerBuilder builder) {
    try (GraphTrainer trainer = builder.build()) {
      return Size.of(trainer.pipelineSize());
    }
  }

  /**
   * @param builder of the training
   * @param numBatches to be measured, after the warm-up that {@link GraphTrainer#metrics} leaves
   *     out
   */
  static TracedRun of(TrainerBuilder builder, int numBatches) {
    try (GraphTrainer trainer = builder.build()) {
      TrainingListener enough =
          new TrainingListener() {
            private int left = GraphTrainer.WARM_UP_BATCHES + numBatches;

            @Override
            public void batchDone(BatchProgress progress) {
              if (--left == 0) {
                throw new Enough();
              }
            }
          };
      try {
        while (true) {
          trainer.epoch(enough);
        }
      } catch (Enough e) {
        return new TracedRun(trainer.metrics(), Size.of(trainer.pipelineSize()));
      }
    }
  }

  StageCosts costs() {
    return new StageCosts(metrics, Stage.COMPUTE);
  }

  double batchesPerSecond() {
    return metrics.batchesPerSecond();
  }
}
