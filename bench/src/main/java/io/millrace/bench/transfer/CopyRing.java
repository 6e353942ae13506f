package io.millrace.bench.transfer;

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

  private final Cuda cuda;
  private final Arena arena = Arena.ofShared();
  private final CudaStream stream;
  private final List<MemorySegment> hostSlots = new ArrayList<>();
  private final List<DeviceMemory> deviceSlots = new ArrayList<>();
  private final List<CudaEvent> left = new ArrayList<>(); // behind the last copy from each slot

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
        hostSlots.add(host);
        deviceSlots.add(cuda.deviceAlloc(slotBytes));
        left.add(cuda.eventCreate());
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
      int slot = i % hostSlots.size();
      cuda.eventSynchronize(left.get(slot)); // one that was never recorded is complete
      cuda.copyToDeviceAsync(hostSlots.get(slot), deviceSlots.get(slot), 0, stream);
      cuda.eventRecord(left.get(slot), stream);
    }
    cuda.streamSynchronize(stream);
    return System.nanoTime() - start;
  }

  @Override
  public void close() {
    cuda.streamSynchronize(stream);
    deviceSlots.forEach(cuda::deviceFree);
    left.forEach(cuda::eventDestroy);
    cuda.streamDestroy(stream);
    arena.close();
  }
}
