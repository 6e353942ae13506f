package io.millrace.tuning;

import io.millrace.training.BatchProgress;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.transfer.PipelineSettings;
import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import io.millrace.tuning.model.Setting;
import java.util.function.Supplier;

/**
 * A short training with one setting, and what it took; nothing of it is kept.
 *
 * @param metrics without the first batches
 */
record TracedRun(Setting setting, PipelineMetrics metrics) {
  /** Ends a training after enough batches. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;

    Enough() {
      super(null, null, false, false);
    }
  }

  /**
   * @param trainers makes a builder of the training that is tuned
   * @param numBatches to be measured, after the warm-up that {@link GraphTrainer#metrics} leaves
   *     out
   */
  static TracedRun of(Supplier<TrainerBuilder> trainers, Setting setting, int numBatches) {
    TrainerBuilder builder =
        trainers
            .get()
            .pipeline(PipelineSettings.defaults().workers(setting.workers()).slots(setting.slots()))
            .computeThreads(setting.computeThreads());
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
        return new TracedRun(setting, trainer.metrics());
      }
    }
  }

  double batchesPerSecond() {
    return metrics.batchesPerSecond();
  }

  /** Wall seconds of sampling and slicing a batch. */
  double prepare() {
    return preparation().wallNanos() / 1e9 / numPrepared();
  }

  /** Feature bytes of a batch. */
  double featureBytes() {
    return (double) metrics.total(Stage.SLICE).bytes() / numPrepared();
  }

  /** Features, and two numbers of 4 bytes for each edge and node. */
  double slotBytes() {
    StageTotals sliced = metrics.total(Stage.SLICE);
    return featureBytes() + 8.0 * (sliced.edges() + sliced.nodes()) / numPrepared();
  }

  /** CPU seconds of the same. */
  double prepareCpu() {
    return preparation().cpuNanos() / 1e9 / numPrepared();
  }

  /** Workers that were busy, on average. */
  double busyWorkers() {
    return (double) preparation().wallNanos() / metrics.wallNanos();
  }

  private long numPrepared() {
    return Math.max(1, metrics.total(Stage.SAMPLE).count());
  }

  private StageTotals preparation() {
    return metrics
        .total(Stage.PLAN)
        .plus(metrics.total(Stage.SAMPLE))
        .plus(metrics.total(Stage.SLICE));
  }

  /** Wall seconds of computing a batch, without waiting for it. */
  double compute() {
    return metrics.total(Stage.COMPUTE).wallNanos() / 1e9 / numComputed();
  }

  /** CPU seconds of the same, on all of libtorch's threads. */
  double computeCpu() {
    double nanos = metrics.total(Stage.COMPUTE).cpuNanos() + metrics.otherCpuNanos();
    return nanos / 1e9 / numComputed();
  }

  private long numComputed() {
    return Math.max(1, metrics.total(Stage.COMPUTE).count());
  }
}
