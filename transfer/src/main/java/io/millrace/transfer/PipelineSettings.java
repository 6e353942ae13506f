package io.millrace.transfer;

import io.millrace.Require;
import io.millrace.datasets.FeatureType;
import io.millrace.sampler.IdMapKind;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a {@link BatchPipeline} works: settings of time and memory, which no batch depends on.
 * Immutable; {@link #defaults} are right for most machines, and each setter returns a copy.
 *
 * @param workers threads that prepare batches; by default one for every two cores
 * @param slots batches in the host's memory at a time. By default one for each worker, one that is
 *     ready, and those that the consumer keeps busy: on the CPU the batches it computes on, on a
 *     GPU as many as there are device slots, because a slot is in use until the copy out of it is
 *     done
 * @param deviceSlots batches on the GPU at a time. By default the batches that are computed on, one
 *     that is ready, and one on its way. With no more than are computed on, no copy overlaps with
 *     compute. Ignored on the CPU
 * @param idMap how a sampler finds the local id of a node; {@link IdMapKind#AUTO} by default
 * @param featureType of the features in a slot. float16 rows can be widened by the workers, or stay
 *     as they are until the model takes them, which is half the memory and half the bus. By default
 *     a GPU gets them as they are stored, and the CPU gets float32
 */
public record PipelineSettings(
    OptionalInt workers,
    OptionalInt slots,
    OptionalInt deviceSlots,
    IdMapKind idMap,
    Optional<FeatureType> featureType) {
  /** Each slot takes several mappings, of which a process has a limited number. */
  private static final int MAX_SLOTS = 1024;

  private static final PipelineSettings DEFAULTS =
      new PipelineSettings(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          IdMapKind.AUTO,
          Optional.empty());

  /**
   * @throws io.millrace.BadInputException if a number is not positive or above 1024
   */
  public PipelineSettings {
    Objects.requireNonNull(idMap, "idMap");
    workers.ifPresent(value -> Require.threads("workers", value));
    slots.ifPresent(value -> Require.positive("slots", value, MAX_SLOTS));
    deviceSlots.ifPresent(value -> Require.positive("deviceSlots", value, MAX_SLOTS));
  }

  public static PipelineSettings defaults() {
    return DEFAULTS;
  }

  public PipelineSettings workers(int value) {
    return new PipelineSettings(OptionalInt.of(value), slots, deviceSlots, idMap, featureType);
  }

  public PipelineSettings slots(int value) {
    return new PipelineSettings(workers, OptionalInt.of(value), deviceSlots, idMap, featureType);
  }

  public PipelineSettings deviceSlots(int value) {
    return new PipelineSettings(workers, slots, OptionalInt.of(value), idMap, featureType);
  }

  public PipelineSettings idMap(IdMapKind value) {
    return new PipelineSettings(workers, slots, deviceSlots, value, featureType);
  }

  public PipelineSettings featureType(FeatureType value) {
    return new PipelineSettings(workers, slots, deviceSlots, idMap, Optional.of(value));
  }
}
