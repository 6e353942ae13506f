package io.millrace.bench;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaEvent;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.DeviceMemory;
import io.millrace.slicing.SlotMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies to a GPU from slot after slot, as a pipeline does whose batches are always ready: on a
 * stream of its own, each slot again as soon as its last copy is done.
 *
 * <p>Used by one thread. Owns slots on the host and on the device, the events and the stream.
 */
final class CopyRing implements AutoCloseable {
  private static final long PAGE_BYTES = 4096;

  private record Slot(MemorySegment host, DeviceMemory device, CudaEvent left) {}

  private final Cuda cuda;
  private final Arena arena = Arena.ofShared();
  private final CudaStream stream;
  private final List<Slot> slots = new ArrayList<>();

  /**
   * @param memory of the slots on the host
   */
  CopyRing(Cuda cuda, SlotMemory memory, int numSlots, long slotBytes) {
    this.cuda = cuda;
    stream = cuda.streamCreate();
    try {
      for (int i = 0; i < numSlots; i++) {
        MemorySegment host = memory.allocate(slotBytes, arena);
        for (long offset = 0; offset < slotBytes; offset += PAGE_BYTES) {
          host.set(JAVA_BYTE, offset, (byte) 1); // there for good
        }
        slots.add(new Slot(host, cuda.deviceAlloc(slotBytes), cuda.eventCreate()));
      }
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  /**
   * @param numCopies of a whole slot each
   * @return nanoseconds until the last one has arrived
   */
  long copy(int numCopies) {
    long start = System.nanoTime();
    for (int i = 0; i < numCopies; i++) {
      Slot slot = slots.get(i % slots.size());
      if (i >= slots.size()) {
        cuda.eventSynchronize(slot.left);
      }
      cuda.copyToDeviceAsync(slot.host, slot.device, 0, stream);
      cuda.eventRecord(slot.left, stream);
    }
    cuda.streamSynchronize(stream);
    return System.nanoTime() - start;
  }

  @Override
  public void close() {
    cuda.streamSynchronize(stream);
    for (Slot slot : slots) {
      cuda.deviceFree(slot.device);
      cuda.eventDestroy(slot.left);
    }
    cuda.streamDestroy(stream);
    arena.close();
  }
}
