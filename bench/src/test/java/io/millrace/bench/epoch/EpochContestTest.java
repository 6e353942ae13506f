package io.millrace.bench.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.bench.TestGraphs;
import io.millrace.cuda.CudaEvent;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.DeviceMemory;
import io.millrace.cuda.HostMemoryCuda;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.sampler.Fanout;
import io.millrace.training.torch.TorchDevice;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Epochs as they are measured on a GPU; the GPU's memory is the host's. */
class EpochContestTest {
  private static final int NUM_BATCHES = 6;
  private static final int BATCH_SIZE = 50;
  private static final EpochSettings SETTINGS =
      new EpochSettings(Fanout.of(3, 2), 4, BATCH_SIZE, 2, 1, 2, 5);

  /** Takes copies from memory that is not page-locked, too, and does them at once. */
  private static final class AnyMemory extends HostMemoryCuda {
    private final List<MemorySegment> pageLocked = new ArrayList<>();
    private long pageableBytes;
    private int numTimedEvents;

    AnyMemory(RecordingCuda recording) {
      super(recording);
    }

    @Override
    public CudaEvent timedEventCreate() {
      numTimedEvents++;
      return super.timedEventCreate();
    }

    @Override
    public synchronized MemorySegment hostAlloc(long bytes) {
      MemorySegment memory = super.hostAlloc(bytes);
      pageLocked.add(memory);
      return memory;
    }

    @Override
    public synchronized void copyToDeviceAsync(
        MemorySegment source, DeviceMemory target, long targetOffset, CudaStream stream) {
      if (pageLocked.stream().anyMatch(block -> block.asOverlappingSlice(source).isPresent())) {
        super.copyToDeviceAsync(source, target, targetOffset, stream);
      } else {
        pageableBytes += source.byteSize();
        target.segment().asSlice(targetOffset, source.byteSize()).copyFrom(source);
      }
    }
  }

  private final RecordingCuda recording = new RecordingCuda(Schedule.EAGER, 1);
  private final AnyMemory cuda = new AnyMemory(recording);
  private final TorchDevice gpu = new TorchDevice.Gpu(cuda, Device.cpu());
  private final GraphDataset data = dataset();

  private static GraphDataset dataset() {
    int numNodes = 600;
    int[] labels = IntStream.range(0, numNodes).map(v -> v % 3).toArray();
    return TestGraphs.builder(TestGraphs.random(numNodes, 5), 4)
        .labels(NodeLabels.of(3, labels))
        .split(Split.TRAIN, IntStream.range(0, NUM_BATCHES * BATCH_SIZE).toArray())
        .build();
  }

  @AfterEach
  void nothingIsLeft() {
    recording.assertClean();
    data.close();
  }

  @Test
  void allVariantsTrainOnTheSameBatchesAndSayWhereTheirTimeWent() {
    Map<String, Object> result;
    try (EpochContest contest = new EpochContest(data, SETTINGS, gpu)) {
      result = contest.measure(() -> {}, Progress.NONE).json();
    }
    List<String> names = new ArrayList<>();
    for (Object element : (List<?>) result.get("variants")) {
      Map<?, ?> variant = (Map<?, ?>) element;
      names.add((String) variant.get("name"));
      assertEquals((long) NUM_BATCHES, variant.get("batches"));
      for (String part : List.of("preparation", "transfer")) {
        assertTrue((double) variant.get("blocked_on_" + part + "_seconds") > 0, part);
      }
      assertTrue((double) variant.get("compute_seconds") > 0);
    }
    assertEquals(List.of("serial", "+workers", "+pinned", "+overlap"), names);
  }

  @ParameterizedTest
  @EnumSource
  void slotsArePageLockedFromPinnedOn(EpochVariant variant) {
    train(variant);
    boolean locked = variant == EpochVariant.PINNED || variant == EpochVariant.OVERLAP;
    assertEquals(locked, recording.copiedBytes() > 0);
    assertEquals(!locked, cuda.pageableBytes > 0);
  }

  @ParameterizedTest
  @EnumSource
  void theHostWaitsForEachBatchButWhereCopiesOverlap(EpochVariant variant) {
    int waits = train(variant);
    if (variant == EpochVariant.OVERLAP) {
      assertTrue(waits <= 2, "of the epoch's end and of its times: " + waits);
    } else {
      assertTrue(waits >= NUM_BATCHES, "of each batch: " + waits);
    }
  }

  /** The beginning, and of each batch asked, there and done; nothing of the statistics behind. */
  @ParameterizedTest
  @EnumSource
  void theTimesAreOfTheBatchesThatAreLearnedFrom(EpochVariant variant) {
    train(variant);
    assertEquals(1 + 3 * NUM_BATCHES, cuda.numTimedEvents);
  }

  /** How often the host waited in an epoch after the one in which the slots reach their size. */
  private int train(EpochVariant variant) {
    try (EpochContender contender = EpochContender.of(variant, data, SETTINGS, gpu)) {
      contender.epoch();
      int before = recording.numSynchronizations();
      contender.epoch();
      return recording.numSynchronizations() - before;
    }
  }

  @Test
  void onTheCpuNothingIsPinned() {
    TorchDevice cpu = new TorchDevice.Cpu("of a test");
    try (EpochContest contest = new EpochContest(data, SETTINGS, cpu)) {
      Map<?, ?> pinned =
          (Map<?, ?>)
              ((List<?>) contest.measure(() -> {}, Progress.NONE).json().get("variants")).get(2);
      assertEquals(Map.of("name", "+pinned", "why_not", "nothing is copied on the CPU"), pinned);
    }
  }

  @Test
  void whereDjlCopiesItIsRefusedWithTheReason() {
    TorchDevice copying = new TorchDevice.CopyingGpu("of a test", Device.cpu());
    BadInputException e =
        assertThrows(
            BadInputException.class, () -> new EpochContest(data, SETTINGS, copying).close());
    assertTrue(e.getMessage().endsWith("cause=of a test"), e.getMessage());
  }
}
