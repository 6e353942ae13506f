package io.millrace.transfer;

import io.millrace.Require;
import java.util.OptionalInt;

/**
 * How many threads and slots a {@link BatchPipeline} has: settings of time and memory, which no
 * batch depends on. Immutable; {@link #defaults} are right for most machines, and each setter
 * returns a copy.
 *
 * @param workers threads that prepare batches; by default one for every two cores
 * @param slots batches in the host's memory at a time. By default one for each worker, one that is
 *     ready, and those that the consumer keeps busy: on the CPU the batches it computes on, on a
 *     GPU as many as there are device slots, because a slot is in use until the copy out of it is
 *     done
 * @param deviceSlots batches on the GPU at a time. By default the batches that are computed on, one
 *     that is ready, and one on its way. With no more than are computed on, no copy overlaps with
 *     compute. Ignored on the CPU
 */
public record PipelineSettings(OptionalInt workers, OptionalInt slots, OptionalInt deviceSlots) {
  private static final PipelineSettings DEFAULTS =
      new PipelineSettings(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

  /**
   * @throws io.millrace.BadInputException if a number is not positive, or there are more than 1024
   *     workers
   */
  public PipelineSettings {
    workers.ifPresent(value -> Require.threads("workers", value));
    slots.ifPresent(value -> Require.positive("slots", value));
    deviceSlots.ifPresent(value -> Require.positive("deviceSlots", value));
  }

  public static PipelineSettings defaults() {
    return DEFAULTS;
  }

  public PipelineSettings workers(int value) {
    return new PipelineSettings(OptionalInt.of(value), slots, deviceSlots);
  }

  public PipelineSettings slots(int value) {
    return new PipelineSettings(workers, OptionalInt.of(value), deviceSlots);
  }

  public PipelineSettings deviceSlots(int value) {
    return new PipelineSettings(workers, slots, OptionalInt.of(value));
  }
}
