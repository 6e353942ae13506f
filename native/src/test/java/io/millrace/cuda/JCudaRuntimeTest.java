package io.millrace.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import jcuda.Pointer;
import jcuda.runtime.JCuda;
import jcuda.runtime.cudaMemcpyKind;
import org.junit.jupiter.api.Test;

class JCudaRuntimeTest {
  @Test
  void saysWhatWasAskedForWhatIsFreeAndWhatNeedsLess() {
    assertEquals(
        "out of GPU memory: code=cudaErrorMemoryAllocation (2), call=cudaMalloc, askedBytes=9000,"
            + " freeBytes=100; needs less with a smaller --batch-size, --eval-batch-size or"
            + " --fanout, fewer --device-slots",
        CudaOutOfMemoryException.onDevice(JCudaStatus.code(2), 9000, 100).getMessage());
    assertEquals(
        "out of page-locked memory: code=cudaErrorMemoryAllocation (2), call=cudaHostAlloc,"
            + " askedBytes=9000, freeBytes=unknown; needs less with a smaller --batch-size,"
            + " --eval-batch-size or --fanout, fewer --slots",
        CudaOutOfMemoryException.pageLocked(JCudaStatus.code(2), 9000, "unknown").getMessage());
  }

  @Test
  void copiesThroughAStreamOfItsOwnAndKeepsEventsApart() {
    JCudaRuntime cuda = openOrAbort();
    int bytes = 1 << 20;
    MemorySegment host = cuda.hostAlloc(bytes);
    DeviceMemory device = cuda.deviceAlloc(bytes + 256);
    CudaStream stream = cuda.streamCreate();
    CudaEvent copied = cuda.eventCreate();
    byte[] sent = new byte[bytes];
    new Random(1).nextBytes(sent);
    MemorySegment.copy(sent, 0, host, JAVA_BYTE, 0, bytes);

    assertEquals(0, host.address() % 256);
    assertTrue(cuda.eventQuery(copied), "was never recorded");
    cuda.copyToDeviceAsync(host, device, 256, stream);
    cuda.eventRecord(copied, stream);
    cuda.streamWaitEvent(CudaStream.LEGACY_DEFAULT, copied);
    cuda.eventSynchronize(copied);
    assertTrue(cuda.eventQuery(copied));

    byte[] seen = new byte[bytes];
    Pointer from = new JCudaHandles.RawPointer(device.address() + 256);
    assertEquals(
        0, JCuda.cudaMemcpy(Pointer.to(seen), from, bytes, cudaMemcpyKind.cudaMemcpyDeviceToHost));
    assertArrayEquals(sent, seen);

    cuda.eventDestroy(copied);
    assertThrows(IllegalStateException.class, () -> cuda.eventQuery(copied));
    cuda.streamDestroy(stream);
    assertThrows(IllegalStateException.class, () -> cuda.streamSynchronize(stream));
    cuda.deviceFree(device);
    cuda.hostFree(host);
  }

  @Test
  void timedEventsTellWhatTheGpuTook() {
    JCudaRuntime cuda = openOrAbort();
    int bytes = 64 << 20;
    MemorySegment host = cuda.hostAlloc(bytes);
    DeviceMemory device = cuda.deviceAlloc(bytes);
    CudaStream stream = cuda.streamCreate();
    CudaEvent begin = cuda.timedEventCreate();
    CudaEvent end = cuda.timedEventCreate();
    cuda.eventRecord(begin, stream);
    cuda.copyToDeviceAsync(host, device, 0, stream);
    cuda.eventRecord(end, stream);
    cuda.streamSynchronize(stream);

    assertTrue(cuda.elapsedMillis(begin, end) > 0);
    cuda.eventDestroy(begin);
    cuda.eventDestroy(end);
    cuda.streamDestroy(stream);
    cuda.deviceFree(device);
    cuda.hostFree(host);
  }

  @Test
  void refusesMoreMemoryThanThereIsAndStaysUsable() {
    JCudaRuntime cuda = openOrAbort();
    long tooMuch = 2 * cuda.memGetInfo().totalBytes();

    CudaException thrown =
        assertThrows(CudaOutOfMemoryException.class, () -> cuda.deviceAlloc(tooMuch));
    assertTrue(thrown.getMessage().contains("askedBytes=" + tooMuch), thrown.getMessage());
    cuda.deviceFree(cuda.deviceAlloc(1));
  }

  private static JCudaRuntime openOrAbort() {
    return switch (CudaProbe.run()) {
      case CudaProbe.Unusable(String reason) -> abort("no GPU: " + reason);
      case CudaProbe.Usable _ -> JCudaRuntime.open();
    };
  }
}
