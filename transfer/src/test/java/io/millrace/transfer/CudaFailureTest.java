package io.millrace.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaEvent;
import io.millrace.cuda.CudaException;
import io.millrace.cuda.CudaOutOfMemoryException;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.DeviceMemory;
import io.millrace.cuda.ForwardingCuda;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CUDA refuses a call, any call: nothing hangs, no rule is broken, and no slot is lost. */
@Timeout(120)
class CudaFailureTest {
  private final GraphDataset data = TestData.random(300, 20);
  private final EpochPlan plan = EpochPlan.of(IntStream.range(0, 220).toArray(), 32, 5);
  private final Fanout fanout = Fanout.of(4, 3);

  @AfterEach
  void closeData() {
    data.close();
  }

  /** Fails at one call: the {@code n}th of all, or of those whose name begins with {@code call}. */
  private static final class Failing extends ForwardingCuda {
    private final String call;
    private int n;
    private String failedAt = "";

    Failing(RecordingCuda cuda, String call, int n) {
      super(cuda);
      this.call = call;
      this.n = n;
    }

    private synchronized void failIfDue(String name) {
      if (name.startsWith(call) && n-- == 0) {
        failedAt = name;
        throw new CudaException(name + " failed");
      }
    }

    boolean failed() {
      return !failedAt.isEmpty();
    }

    @Override
    public MemorySegment hostAlloc(long bytes) {
      failIfDue("hostAlloc");
      return super.hostAlloc(bytes);
    }

    @Override
    public DeviceMemory deviceAlloc(long bytes) {
      failIfDue("deviceAlloc");
      return super.deviceAlloc(bytes);
    }

    @Override
    public CudaStream streamCreate() {
      failIfDue("streamCreate");
      return super.streamCreate();
    }

    @Override
    public void streamWaitEvent(CudaStream stream, CudaEvent event) {
      failIfDue(stream.equals(CudaStream.LEGACY_DEFAULT) ? "computeWait" : "copyWait");
      super.streamWaitEvent(stream, event);
    }

    @Override
    public CudaEvent eventCreate() {
      failIfDue("eventCreate");
      return super.eventCreate();
    }

    @Override
    public void eventRecord(CudaEvent event, CudaStream stream) {
      failIfDue(stream.equals(CudaStream.LEGACY_DEFAULT) ? "consumedRecord" : "copiedRecord");
      super.eventRecord(event, stream);
    }

    @Override
    public boolean eventQuery(CudaEvent event) {
      failIfDue("eventQuery");
      return super.eventQuery(event);
    }

    @Override
    public void copyToDeviceAsync(
        MemorySegment source, DeviceMemory target, long targetOffset, CudaStream stream) {
      failIfDue("memcpy");
      super.copyToDeviceAsync(source, target, targetOffset, stream);
    }
  }

  @ParameterizedTest
  @EnumSource
  void survivesAFailureOfEveryCall(Schedule schedule) {
    boolean failed = true;
    for (int n = 0; failed; n++) {
      RecordingCuda cuda = new RecordingCuda(schedule, n);
      Failing failing = new Failing(cuda, "", n);
      try (BatchPipeline pipeline = pipeline(failing)) {
        for (int epoch = 0; epoch < 2; epoch++) {
          runEpoch(pipeline, cuda, epoch);
          assertEquals(0, pipeline.slotsInUse(), failing.failedAt);
        }
      } catch (CudaException e) {
        assertEquals(failing.failedAt + " failed", e.getMessage()); // while the pipeline is built
      }
      failed = failing.failed();
      cuda.finish();
      assertEquals(List.of(), cuda.violations(), failing.failedAt + ", n=" + n);
      assertEquals(List.of(), cuda.left(), failing.failedAt + ", n=" + n);
      assertTrue(failed || n > 100, "n=" + n);
    }
  }

  /** To its end, or to the failure. */
  private void runEpoch(BatchPipeline pipeline, RecordingCuda cuda, int epoch) {
    try (EpochBatches batches = pipeline.start(plan.epoch(epoch))) {
      while (batches.hasNext()) {
        DeviceBatch batch = batches.next();
        cuda.compute(CudaStream.LEGACY_DEFAULT, batch.features());
        batch.close();
      }
    } catch (PipelineException e) {
      assertInstanceOf(CudaException.class, e.getCause());
    } catch (CudaException e) {
      assertEquals("consumedRecord failed", e.getMessage()); // a batch's close says it as it is
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsOfAFailedCopyAtItsBatchAndNotBefore(Schedule schedule) {
    for (String call : List.of("memcpy", "copyWait", "copiedRecord", "computeWait")) {
      RecordingCuda cuda = new RecordingCuda(schedule, 1);
      int n = call.equals("copiedRecord") ? 8 : 4;
      try (BatchPipeline pipeline = pipeline(new Failing(cuda, call, n))) {
        EpochBatches batches = pipeline.start(plan.epoch(0));
        for (int number = 0; number < 4; number++) {
          batches.next().close();
        }
        PipelineException thrown = assertThrows(PipelineException.class, batches::next, call);
        assertTrue(
            thrown.getMessage().startsWith("copying failed: epoch=0, batch=4, cause="),
            thrown.getMessage());
        assertEquals(0, pipeline.slotsInUse());
        runEpoch(pipeline, cuda, 1);
      }
      cuda.assertClean();
    }
  }

  @Test
  void saysWhichBatchTheHostHadNoMemoryFor() {
    RecordingCuda cuda = new RecordingCuda(Schedule.RANDOM, 1);
    try (BatchPipeline pipeline = pipeline(new Failing(cuda, "hostAlloc", 4));
        EpochBatches batches = pipeline.start(plan.epoch(0))) {
      PipelineException thrown = assertThrows(PipelineException.class, batches::next);
      assertTrue(
          thrown.getMessage().startsWith("slicing failed: epoch=0, batch=0"), thrown.getMessage());
    }
    cuda.assertClean();
  }

  @Test
  void leavesNothingIfTheGpuHasNoMemoryForTheFirstSlots() {
    RecordingCuda cuda = new RecordingCuda(Schedule.RANDOM, 1, 25_000);
    PipelineBuilder builder =
        BatchPipeline.builder(data, fanout).slotBytes(10_000).deviceSlots(3).device(cuda);

    CudaOutOfMemoryException thrown = assertThrows(CudaOutOfMemoryException.class, builder::build);
    assertTrue(
        thrown.getMessage().contains("askedBytes=10000, freeBytes=5000"), thrown.getMessage());
    cuda.assertClean();
  }

  @Test
  void saysWhichBatchTheGpuHadNoMemoryForAndWhatNeedsLess() {
    RecordingCuda cuda = new RecordingCuda(Schedule.RANDOM, 1, 9000);
    try (BatchPipeline pipeline = pipeline(cuda);
        EpochBatches batches = pipeline.start(plan.epoch(0))) {
      PipelineException thrown = assertThrows(PipelineException.class, () -> drain(batches));
      assertInstanceOf(CudaOutOfMemoryException.class, thrown.getCause());
      assertTrue(thrown.getMessage().startsWith("copying failed: epoch=0"), thrown.getMessage());
      assertTrue(thrown.getMessage().contains("--device-slots"), thrown.getMessage());
      assertEquals(0, pipeline.slotsInUse());
    }
    cuda.assertClean();
  }

  private static void drain(EpochBatches batches) {
    while (batches.hasNext()) {
      batches.next().close();
    }
  }

  private BatchPipeline pipeline(Cuda cuda) {
    return BatchPipeline.builder(data, fanout)
        .workers(1)
        .slots(4)
        .deviceSlots(3)
        .slotBytes(1)
        .device(cuda)
        .build();
  }
}
