package io.millrace.bench.epoch;

import static io.millrace.cuda.CudaStream.LEGACY_DEFAULT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.cuda.CudaEvent;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.DeviceMemory;
import io.millrace.cuda.ForwardingCuda;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On a GPU whose time the test sets. */
class DeviceClockTest {
  private static final class SetTime extends ForwardingCuda {
    private final Map<CudaEvent, Double> millis = new HashMap<>();
    private double now;

    SetTime(RecordingCuda next) {
      super(next);
    }

    @Override
    public void eventRecord(CudaEvent event, CudaStream stream) {
      super.eventRecord(event, stream);
      millis.put(event, now);
    }

    @Override
    public double elapsedMillis(CudaEvent begin, CudaEvent end) {
      super.elapsedMillis(begin, end);
      return millis.get(end) - millis.get(begin);
    }
  }

  private final RecordingCuda recording = new RecordingCuda(Schedule.EAGER, 1);
  private final SetTime cuda = new SetTime(recording);
  private final DeviceClock clock = new DeviceClock(cuda);
  private final CudaStream copyStream = clock.streamCreate();
  private final List<Slot> slots = List.of(new Slot(), new Slot());

  /** For one batch, on the host and on the GPU. */
  private final class Slot {
    private final CudaEvent copied = clock.eventCreate();
    private final CudaEvent consumed = clock.eventCreate();
    private final MemorySegment host = clock.hostAlloc(8);
    private final DeviceMemory device = clock.deviceAlloc(8);

    void submit() {
      clock.streamWaitEvent(copyStream, consumed);
      clock.copyToDeviceAsync(host, device, 0, copyStream);
      clock.eventRecord(copied, copyStream);
    }

    void take(double copying) {
      cuda.now += copying;
      clock.streamWaitEvent(LEGACY_DEFAULT, copied);
    }

    void compute(double millis) {
      cuda.now += millis;
      clock.eventRecord(consumed, LEGACY_DEFAULT);
      clock.streamSynchronize(LEGACY_DEFAULT);
    }

    void free() {
      clock.eventDestroy(copied);
      clock.eventDestroy(consumed);
      clock.hostFree(host);
      clock.deviceFree(device);
    }
  }

  @AfterEach
  void nothingIsLeft() {
    clock.close();
    clock.streamSynchronize(copyStream);
    slots.forEach(Slot::free);
    clock.streamDestroy(copyStream);
    recording.assertClean();
  }

  @Test
  void aBatchCopiedInItsTurnIsAskedForWhenItsCopyIsSubmitted() {
    for (int epoch = 0; epoch < 2; epoch++) {
      clock.begin();
      for (int batch = 0; batch < 3; batch++) {
        cuda.now += 100;
        slots.getFirst().submit();
        slots.getFirst().take(20);
        slots.getFirst().compute(3);
      }
      assertEquals(new DeviceClock.Times(0.3, 0.06, 0.009), rounded(clock.end()));
      cuda.now += 1e6; // between the epochs
    }
  }

  @Test
  void copiesAheadWhileTheModelComputesAreNotWaitedFor() {
    clock.begin();
    cuda.now += 100;
    slots.getFirst().submit();
    slots.getFirst().take(20);
    slots.getLast().submit();
    slots.getFirst().compute(30);
    cuda.now += 1;
    slots.getLast().take(0);
    slots.getLast().compute(30);
    assertEquals(new DeviceClock.Times(0.101, 0.02, 0.06), rounded(clock.end()));
  }

  @Test
  void whatHappensBeforeTheBeginningDoesNotCount() {
    slots.getFirst().submit();
    slots.getFirst().take(20);
    slots.getFirst().compute(3);
    clock.begin();
    assertEquals(new DeviceClock.Times(0, 0, 0), clock.end());
  }

  @Test
  void anEpochThatFailsLeavesNothingBehind() {
    clock.begin();
    slots.getFirst().submit();
    slots.getFirst().take(20);
  }

  private static DeviceClock.Times rounded(DeviceClock.Times times) {
    return new DeviceClock.Times(
        Math.round(times.idle() * 1e6) / 1e6,
        Math.round(times.copying() * 1e6) / 1e6,
        Math.round(times.computing() * 1e6) / 1e6);
  }
}
