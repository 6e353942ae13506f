package io.millrace.bench.epoch;

import io.millrace.BadInputException;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaStream;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.BatchProgress;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.models.GraphSage;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.EpochStats;

/**
 * A trainer of one {@link EpochVariant} on a device, which takes the time of its epochs. Used by
 * one thread; owns the trainer until {@link #close}.
 */
interface EpochContender extends AutoCloseable {
  /** It trains. */
  GraphTrainer trainer();

  /** Trains the next epoch. */
  EpochTimes epoch();

  @Override
  void close();

  /**
   * @throws BadInputException if batches cannot be copied to the GPU ahead of the model
   */
  static EpochContender of(
      EpochVariant variant, GraphDataset data, EpochSettings settings, TorchDevice device) {
    TrainerBuilder builder =
        GraphTrainer.builder(data)
            .model(GraphSage.of(settings.hidden(), settings.fanout().numHops()))
            .fanout(settings.fanout())
            .batchSize(settings.batchSize())
            .computeThreads(settings.computeThreads())
            .seed(settings.seed());
    variant.configure(builder, settings.numWorkers());
    return switch (device) {
      case TorchDevice.Cpu _ -> new OnCpu(builder.device(device).build());
      case TorchDevice.Gpu gpu -> OnGpu.of(variant, builder, gpu);
      case TorchDevice.CopyingGpu copying ->
          throw BadInputException.of(
              "epochs on a GPU are measured where batches are copied ahead of the model",
              "cause",
              copying.reason());
    };
  }

  /** Times from the pipeline's own figures. */
  record OnCpu(GraphTrainer trainer) implements EpochContender {
    @Override
    public EpochTimes epoch() {
      return EpochTimes.onCpu(trainer.epoch().stats());
    }

    @Override
    public void close() {
      trainer.close();
    }
  }

  /** Times from the {@link DeviceClock}. */
  record OnGpu(GraphTrainer trainer, DeviceClock clock, TrainingListener listener)
      implements EpochContender {
    static OnGpu of(EpochVariant variant, TrainerBuilder builder, TorchDevice.Gpu gpu) {
      Cuda cuda = variant.isPageLocked() ? gpu.cuda() : new PageableCuda(gpu.cuda());
      DeviceClock clock = new DeviceClock(cuda);
      GraphTrainer trainer = builder.device(new TorchDevice.Gpu(clock, gpu.device())).build();
      return new OnGpu(trainer, clock, listener(clock, variant.waitsForEachBatch()));
    }

    /** The statistics of batch normalisation come behind the last batch, and are not measured. */
    private static TrainingListener listener(DeviceClock clock, boolean waits) {
      return new TrainingListener() {
        @Override
        public void batchDone(BatchProgress progress) {
          if (waits) {
            clock.streamSynchronize(CudaStream.LEGACY_DEFAULT);
          }
          if (progress.batch() + 1 == progress.numBatches()) {
            clock.stop();
          }
        }
      };
    }

    @Override
    public EpochTimes epoch() {
      clock.begin();
      EpochStats stats = trainer.epoch(listener).stats();
      return EpochTimes.onGpu(stats, clock.end());
    }

    @Override
    public void close() {
      trainer.close();
      clock.close();
    }
  }
}
