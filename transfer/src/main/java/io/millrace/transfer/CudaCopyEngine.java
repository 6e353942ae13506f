package io.millrace.transfer;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaEvent;
import io.millrace.cuda.CudaStream;
import io.millrace.slicing.SlicedBatch;
import io.millrace.slicing.Slot;
import io.millrace.slicing.SlotLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Copies batches to a GPU while it computes on the ones before.
 *
 * <p>Copies run on a separate stream, one copy per batch, into {@link DeviceSlot}s that are
 * allocated once. Events order the copies against the model, which computes on the legacy default
 * stream (torch's). The host waits for neither. A third event per copy tells the host when the
 * content of a slot on the host has been copied, so that the slot can be released. It is not the
 * device slot's {@code copied} event, because a device slot may be refilled, in stream order,
 * before the host has noticed that its last copy is done.
 *
 * <p>If a call fails, its slot and device slot are released and later calls may succeed; failures
 * of CUDA itself mostly repeat.
 */
final class CudaCopyEngine implements CopyEngine {
  /** A batch that is being copied, or has arrived. */
  private record Submitted(SlicedBatch batch, DeviceSlot target) {}

  /** A slot on the host that a copy reads, until {@code left}. */
  private record Leaving(Slot slot, CudaEvent left) {}

  private final Cuda cuda;
  private final CudaStream copyStream;
  private final List<DeviceSlot> deviceSlots = new ArrayList<>();
  private final Deque<DeviceSlot> free = new ArrayDeque<>();
  private final Deque<Submitted> submitted = new ArrayDeque<>();
  private final Deque<Leaving> leaving = new ArrayDeque<>();
  private final Deque<CudaEvent> spareEvents = new ArrayDeque<>();
  private int numEvents;

  /**
   * @param numHostSlots of the pool that the batches' slots come from
   * @param numDeviceSlots with 2 or more, one is filled while another is computed on
   * @param slotBytes the initial size of a device slot
   */
  CudaCopyEngine(Cuda cuda, int numHostSlots, int numDeviceSlots, long slotBytes) {
    this.cuda = cuda;
    copyStream = cuda.streamCreate();
    try {
      for (int i = 0; i < numDeviceSlots; i++) {
        deviceSlots.add(new DeviceSlot(cuda, slotBytes));
      }
      hostSlots(numHostSlots);
    } catch (Throwable t) {
      close();
      throw t;
    }
    free.addAll(deviceSlots);
  }

  /** An event for each slot; they are kept when there are fewer slots. */
  @Override
  public void hostSlots(int number) {
    for (; numEvents < number; numEvents++) {
      spareEvents.add(cuda.eventCreate());
    }
  }

  @Override
  public boolean hasRoom() {
    return !free.isEmpty();
  }

  @Override
  public long submit(SlicedBatch batch) {
    DeviceSlot target = free.remove();
    SlotLayout layout = batch.layout();
    long offset = layout.transferOffset();
    CudaEvent left = spareEvents.remove();
    try {
      target.ensure(layout.bytes());
      target.awaitConsumed(copyStream);
      MemorySegment content = batch.slot().memory().asSlice(offset, layout.bytes() - offset);
      cuda.copyToDeviceAsync(content, target.memory(), offset, copyStream);
      target.recordCopied(copyStream);
      cuda.eventRecord(left, copyStream);
    } catch (Throwable t) {
      takeBack(batch, target, left, t);
      throw t;
    }
    submitted.add(new Submitted(batch, target));
    leaving.add(new Leaving(batch.slot(), left));
    return layout.bytes() - offset;
  }

  /** Undoes a submission that failed halfway: its copy may be under way. */
  private void takeBack(SlicedBatch batch, DeviceSlot target, CudaEvent left, Throwable cause) {
    try {
      cuda.streamSynchronize(copyStream);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
    spareEvents.add(left);
    free.add(target);
    batch.slot().release();
  }

  @Override
  public DeviceBatch take(Consumer<DeviceBatch> onClose) {
    Submitted next = submitted.element();
    DeviceSlot place = next.target();
    place.awaitCopied();
    submitted.remove();
    return DeviceBatch.onGpu(
        next.batch(),
        place.memory().segment(),
        closed -> {
          onClose.accept(closed);
          try {
            place.recordConsumed();
          } finally {
            free.add(place);
          }
        });
  }

  /** Copies end in the order in which they began, so only the first is queried each time. */
  @Override
  public void reclaim() {
    while (!leaving.isEmpty() && cuda.eventQuery(leaving.element().left())) {
      giveBack(leaving.remove());
    }
  }

  private void giveBack(Leaving done) {
    spareEvents.add(done.left());
    done.slot().release();
  }

  /**
   * Waits for the copies under way. If waiting fails, the GPU has stopped working for this process
   * and does not copy any more. The slots are released nevertheless, so that no worker waits
   * forever.
   */
  @Override
  public void drain() {
    try {
      if (!leaving.isEmpty()) {
        cuda.streamSynchronize(copyStream);
      }
    } finally {
      while (!leaving.isEmpty()) {
        giveBack(leaving.remove());
      }
      while (!submitted.isEmpty()) {
        free.add(submitted.remove().target());
      }
    }
  }

  @Override
  public long growths() {
    return deviceSlots.stream().mapToLong(DeviceSlot::growths).sum();
  }

  @Override
  public void close() {
    Shutdown.run(
        this::drain, // first, because it makes all events spare ones
        () -> Shutdown.run(deviceSlots.stream().<Runnable>map(slot -> slot::close).toList()),
        () ->
            Shutdown.run(
                spareEvents.stream().<Runnable>map(e -> () -> cuda.eventDestroy(e)).toList()),
        () -> cuda.streamDestroy(copyStream));
  }
}
