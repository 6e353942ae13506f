package io.millrace.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * A GPU whose memory is the host's, so that a model on the CPU can compute where batches were
 * copied to.
 *
 * <p>Calls go to {@link RecordingCuda} too, which checks them. Here copies are done as late as
 * allowed: when the stream that computes is told to wait for one, or the host waits. Whoever reads
 * without waiting, or after its slot was given back, sees other bytes. Thread-safe.
 */
public class HostMemoryCuda extends ForwardingCuda {
  /** A copy that was enqueued and not done. */
  private record Copy(MemorySegment source, MemorySegment target) {
    void run() {
      target.copyFrom(source);
    }
  }

  private final RecordingCuda recording;

  /** By the address of the host's memory that stands for the GPU's. */
  private final Map<Long, DeviceMemory> recorded = new HashMap<>();

  private final Map<Long, Arena> arenas = new HashMap<>();
  private final Queue<Copy> copies = new ArrayDeque<>();

  public HostMemoryCuda(RecordingCuda recording) {
    super(recording);
    this.recording = recording;
  }

  @Override
  public synchronized DeviceMemory deviceAlloc(long bytes) {
    DeviceMemory known = recording.deviceAlloc(bytes);
    Arena arena = Arena.ofShared();
    long address = arena.allocate(bytes, 256).fill((byte) -1).address(); // floats: not a number
    recorded.put(address, known);
    arenas.put(address, arena);
    return new DeviceMemory(address, bytes);
  }

  @Override
  public synchronized void deviceFree(DeviceMemory memory) {
    recording.deviceFree(recorded.remove(memory.address()));
    arenas.remove(memory.address()).close();
  }

  @Override
  public synchronized void copyToDeviceAsync(
      MemorySegment source, DeviceMemory target, long targetOffset, CudaStream stream) {
    recording.copyToDeviceAsync(source, recorded.get(target.address()), targetOffset, stream);
    copies.add(new Copy(source, target.segment().asSlice(targetOffset, source.byteSize())));
  }

  @Override
  public synchronized void streamWaitEvent(CudaStream stream, CudaEvent event) {
    super.streamWaitEvent(stream, event);
    if (stream.equals(CudaStream.LEGACY_DEFAULT)) {
      runCopies();
    }
  }

  @Override
  public synchronized boolean eventQuery(CudaEvent event) {
    boolean done = super.eventQuery(event);
    if (done) {
      runCopies();
    }
    return done;
  }

  @Override
  public synchronized void eventSynchronize(CudaEvent event) {
    super.eventSynchronize(event);
    runCopies();
  }

  @Override
  public synchronized void streamSynchronize(CudaStream stream) {
    super.streamSynchronize(stream);
    runCopies();
  }

  /** More than those that were waited for, perhaps: one queue for all events. */
  private void runCopies() {
    for (Copy next = copies.poll(); next != null; next = copies.poll()) {
      next.run();
    }
  }
}
