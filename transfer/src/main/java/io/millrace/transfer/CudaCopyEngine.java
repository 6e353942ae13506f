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
 * <p>Copies run on a stream of their own, each batch in one piece, into {@link DeviceSlot}s that
 * are allocated once; events order them against the model, which computes on the legacy default
 * stream (torch's). The host waits for neither: it enqueues, and is told by a third event, one for
 * each copy under way, when a host slot's content has left and the slot can go back to the pool.
 * That event is apart from the device slot's {@code copied} because a device slot may be refilled,
 * in stream order, before the host has noticed that its last copy is done.
 *
 * <p>If a call fails, what it was about is given back and the rest can go on; CUDA's own failures
 * mostly repeat at every later call.
 */
final class CudaCopyEngine implements CopyEngine {
  /** A batch on its way, or there. */
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

  /**
   * @param numHostSlots of the pool that the batches' slots come from
   * @param numDeviceSlots 2 or more, and one can be filled while another is computed on
   * @param slotBytes the size of a device slot to start with
   */
  CudaCopyEngine(Cuda cuda, int numHostSlots, int numDeviceSlots, long slotBytes) {
    this.cuda = cuda;
    copyStream = cuda.streamCreate();
    try {
      for (int i = 0; i < numDeviceSlots; i++) {
        deviceSlots.add(new DeviceSlot(cuda, slotBytes));
      }
      for (int i = 0; i < numHostSlots; i++) {
        spareEvents.add(cuda.eventCreate());
      }
    } catch (Throwable t) {
      close();
      throw t;
    }
    free.addAll(deviceSlots);
  }

  @Override
  public boolean hasRoom() {
    return !free.isEmpty();
  }

  @Override
  public void submit(SlicedBatch batch) {
    DeviceSlot target = free.remove();
    CudaEvent left = spareEvents.remove();
    try {
      SlotLayout layout = batch.layout();
      target.ensure(layout.bytes());
      target.awaitConsumed(copyStream);
      long offset = layout.transferOffset();
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
  }

  /** Undoes a submission of which nobody knows how far it came: the copy may be under way. */
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

  /** Asks without waiting. Copies end in the order that they began, so the first one tells. */
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
   * Waits for the copies under way. If waiting fails, the GPU has given up on this process, its
   * copies included: the slots go back all the same, so that nobody waits for them forever.
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
        this::drain, // first: it brings all events back to the spare ones
        () -> Shutdown.run(deviceSlots.stream().<Runnable>map(slot -> slot::close).toList()),
        () ->
            Shutdown.run(
                spareEvents.stream().<Runnable>map(e -> () -> cuda.eventDestroy(e)).toList()),
        () -> cuda.streamDestroy(copyStream));
  }
}
