package io.millrace.bench.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.cuda.CudaEvent;
import io.millrace.cuda.CudaException;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.DeviceMemory;
import io.millrace.cuda.ForwardingCuda;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies to a GPU, on the recording double. */
class TransferContestTest {
  private static final TransferSettings SETTINGS =
      new TransferSettings(1 << 16, List.of(1L << 12, 1L << 14), 3, 2);

  /** Copies from pageable memory are CUDA's own business: they are only counted. */
  private static class WithPageable extends ForwardingCuda {
    private final Set<Long> pinned = new HashSet<>();
    private long pageableBytes;

    WithPageable(RecordingCuda next) {
      super(next);
    }

    @Override
    public MemorySegment hostAlloc(long bytes) {
      MemorySegment memory = super.hostAlloc(bytes);
      pinned.add(memory.address());
      return memory;
    }

    @Override
    public void copyToDeviceAsync(
        MemorySegment source, DeviceMemory target, long targetOffset, CudaStream stream) {
      if (pinned.contains(source.address())) {
        super.copyToDeviceAsync(source, target, targetOffset, stream);
      } else {
        pageableBytes += source.byteSize();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void copiesAllBytesInEveryTurnAndLeavesNothingBehind(Schedule schedule) {
    RecordingCuda recorded = new RecordingCuda(schedule, 1);
    WithPageable cuda = new WithPageable(recorded);

    List<?> variants =
        (List<?>) new TransferContest(cuda, SETTINGS).measure(Progress.NONE).json().get("variants");

    recorded.assertClean();
    int turns = 2 * (1 + 2); // of two sizes, to warm up and twice
    assertEquals(turns * SETTINGS.totalBytes(), cuda.pageableBytes);
    assertEquals(2 * turns * SETTINGS.totalBytes(), recorded.copiedBytes());
    List<String> names =
        variants.stream().map(v -> ((Map<?, ?>) v).get("name") + " " + size(v)).toList();
    assertEquals(
        List.of(
            "one large copy 65536",
            "pinned 4096",
            "pageable 4096",
            "pinned 16384",
            "pageable 16384"),
        names);
    assertEquals(1.0, ((Map<?, ?>) variants.getFirst()).get("of_peak"));
  }

  private static Object size(Object variant) {
    return ((Map<?, ?>) variant).get("slot_bytes");
  }

  @Test
  void aFailureOnTheWayLeavesNothingBehind() {
    for (int survivor = 0; survivor < 8; survivor++) {
      int last = survivor;
      RecordingCuda recorded = new RecordingCuda(Schedule.LAZY, 1);
      WithPageable cuda =
          new WithPageable(recorded) {
            private int events;

            @Override
            public CudaEvent eventCreate() {
              if (events++ == last) {
                throw new CudaException("no more events");
              }
              return super.eventCreate();
            }
          };
      Throwable thrown =
          assertThrows(
              CudaException.class,
              () -> new TransferContest(cuda, SETTINGS).measure(Progress.NONE));
      assertTrue(thrown.getMessage().contains("no more events"));
      recorded.assertClean();
    }
  }

  @Test
  void figuresAreMediansAgainstTheLargeCopy() {
    TransferResult result = new TransferResult(1000);
    for (long nanos : new long[] {300, 100, 200}) {
      result.add(TransferContest.PEAK, 1000, nanos);
      result.add(TransferContest.PINNED, 10, 2 * nanos);
    }
    Map<?, ?> pinned = (Map<?, ?>) ((List<?>) result.json().get("variants")).get(1);

    assertEquals(2.5, (double) pinned.get("gb_per_second"), 1e-9);
    assertEquals(0.5, (double) pinned.get("of_peak"), 1e-9);
  }
}
