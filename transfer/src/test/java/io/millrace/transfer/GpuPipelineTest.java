package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.BadInputException;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.DeviceMemory;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jcuda.Pointer;
import jcuda.runtime.JCuda;
import jcuda.runtime.cudaMemcpyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole epochs that are copied to a real GPU; skips where there is none. */
@Timeout(300)
class GpuPipelineTest {
  private final Fanout fanout = Fanout.of(10, 5);

  /** An address as JCuda's pointer. */
  private static final class Address extends Pointer {
    Address(long address) {
      super(address);
    }
  }

  /** What a batch part held when the GPU read it: a copy of it on the GPU. */
  private record Seen(DeviceMemory copy, long bytes) {}

  @Test
  void showsTheGpuTheSameBytesAsTheCpu() {
    Placement placement = Placement.of(DeviceChoice.AUTO);
    if (placement instanceof Placement.Cpu(String reason)) {
      abort("no GPU: " + reason);
    }
    Cuda cuda = assertInstanceOf(Placement.Gpu.class, placement).cuda();
    EpochPlan plan = EpochPlan.of(IntStream.range(0, 20_000).toArray(), 256, 5);
    long freeBefore = cuda.memGetInfo().freeBytes();
    try (GraphDataset data = TestData.random(20_000, 30)) {
      for (int workers = 1; workers <= 4; workers++) {
        List<Seen> seen = new ArrayList<>();
        try (BatchPipeline pipeline =
            BatchPipeline.builder(data, fanout)
                .workers(workers)
                .slotBytes(4096)
                .device(cuda)
                .build()) {
          for (int epoch = 0; epoch < 3; epoch++) {
            try (EpochBatches batches = pipeline.start(plan.epoch(epoch))) {
              while (batches.hasNext()) {
                try (DeviceBatch batch = batches.next()) {
                  ModelView.parts(batch).forEach(part -> seen.add(read(cuda, part)));
                }
              }
            }
            assertEquals(0, pipeline.slotsInUse());
          }
        }
        assertBytes(cuda, data, plan, seen);
      }
    }
    assertTrue(cuda.memGetInfo().freeBytes() >= freeBefore - (64 << 20), "GPU memory is left");
  }

  /** Enqueues a copy on the stream where torch computes, and does not wait for it. */
  private static Seen read(Cuda cuda, MemorySegment part) {
    DeviceMemory copy = cuda.deviceAlloc(Math.max(1, part.byteSize()));
    int status =
        JCuda.cudaMemcpyAsync(
            new Address(copy.address()),
            new Address(part.address()),
            part.byteSize(),
            cudaMemcpyKind.cudaMemcpyDeviceToDevice,
            JCuda.cudaStreamLegacy);
    assertEquals(0, status);
    return new Seen(copy, part.byteSize());
  }

  private void assertBytes(Cuda cuda, GraphDataset data, EpochPlan plan, List<Seen> seen) {
    cuda.streamSynchronize(CudaStream.LEGACY_DEFAULT);
    int next = 0;
    try (BatchPipeline pipeline = BatchPipeline.builder(data, fanout).workers(1).build()) {
      for (int epoch = 0; epoch < 3; epoch++) {
        for (String expected : ModelView.onCpu(pipeline, plan.epoch(epoch))) {
          Seen part = seen.get(next++);
          byte[] bytes = new byte[(int) part.bytes()];
          int status =
              JCuda.cudaMemcpy(
                  Pointer.to(bytes),
                  new Address(part.copy().address()),
                  bytes.length,
                  cudaMemcpyKind.cudaMemcpyDeviceToHost);
          assertEquals(0, status);
          assertArrayEquals(expected.getBytes(), ModelView.hex(bytes).getBytes());
          cuda.deviceFree(part.copy());
        }
      }
    }
    assertEquals(seen.size(), next);
  }

  @Test
  void refusesAGpuAskedForByNameOrUsesIt() {
    Placement auto = Placement.of(DeviceChoice.AUTO);
    switch (auto) {
      case Placement.Gpu _ -> assertInstanceOf(Placement.Gpu.class, Placement.of(DeviceChoice.GPU));
      case Placement.Cpu(String reason) ->
          assertEquals(
              "the GPU cannot be used: device=gpu, cause=" + reason,
              assertThrows(BadInputException.class, () -> Placement.of(DeviceChoice.GPU))
                  .getMessage());
    }
  }
}
