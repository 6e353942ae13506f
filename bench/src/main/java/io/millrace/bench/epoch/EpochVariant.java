package io.millrace.bench.epoch;

import io.millrace.training.TrainerBuilder;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.PipelineSettings;
import java.util.EnumSet;
import java.util.Set;

/**
 * The ways to run an epoch, each with one more change than the one before.
 *
 * <p>On a GPU all but the last have the host wait for the end of each batch, and copy a batch when
 * it is its turn.
 */
enum EpochVariant {
  /** One slot: a batch is prepared when the model is done with the one before. */
  SERIAL("serial"),
  /** As many workers as asked for, with a slot each. */
  WORKERS("+workers"),
  /** Page-locked slots, which matter for copies to a GPU only. */
  PINNED("+pinned"),
  /**
   * More slots than workers: the next batches are prepared, and copied, while the model computes.
   */
  OVERLAP("+overlap");

  private final String label;

  EpochVariant(String label) {
    this.label = label;
  }

  /** The variants that make sense on a device. */
  static Set<EpochVariant> on(TorchDevice device) {
    return device instanceof TorchDevice.Cpu
        ? EnumSet.complementOf(EnumSet.of(PINNED))
        : EnumSet.allOf(EpochVariant.class);
  }

  String label() {
    return label;
  }

  void configure(TrainerBuilder builder, int numWorkers) {
    PipelineSettings settings = PipelineSettings.defaults();
    builder.pipeline(
        switch (this) {
          case SERIAL -> settings.workers(1).slots(1).deviceSlots(1);
          case WORKERS, PINNED -> settings.workers(numWorkers).slots(numWorkers).deviceSlots(1);
          case OVERLAP -> settings.workers(numWorkers);
        });
  }

  boolean isPageLocked() {
    return this == PINNED || this == OVERLAP;
  }

  boolean waitsForEachBatch() {
    return this != OVERLAP;
  }
}
