package io.millrace.cuda;

import static io.millrace.cuda.CudaStream.LEGACY_DEFAULT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The double finds every gap in the order, whatever its schedule, and accepts an order without. */
class RecordingCudaTest {
  /** One host block, one device block, a stream and an event, on a double of one schedule. */
  private static final class Bench {
    final RecordingCuda cuda;
    final MemorySegment host;
    final DeviceMemory device;
    final CudaStream stream;
    final CudaEvent copied;
    final CudaEvent consumed;

    Bench(Schedule schedule) {
      cuda = new RecordingCuda(schedule, 1);
      host = cuda.hostAlloc(8);
      device = cuda.deviceAlloc(16);
      stream = cuda.streamCreate();
      copied = cuda.eventCreate();
      consumed = cuda.eventCreate();
    }

    void copy() {
      cuda.copyToDeviceAsync(host, device, 8, stream);
      cuda.eventRecord(copied, stream);
    }

    CompletableFuture<byte[]> compute() {
      return cuda.compute(LEGACY_DEFAULT, device.segment().asSlice(8, 8));
    }

    void expect(String rule, Runnable call) {
      assertEquals(rule, assertThrows(ProtocolViolation.class, call::run).getMessage());
      assertEquals(List.of(rule), cuda.violations());
      assertThrows(AssertionError.class, cuda::assertClean);
    }
  }

  @ParameterizedTest
  @EnumSource
  void acceptsAnOrderWithoutGapsAndShowsTheModelWhatWasCopied(Schedule schedule) {
    Bench bench = new Bench(schedule);
    for (byte round = 0; round < 20; round++) {
      bench.host.fill(round);
      bench.cuda.streamWaitEvent(bench.stream, bench.consumed);
      bench.copy();
      bench.cuda.streamWaitEvent(LEGACY_DEFAULT, bench.copied);
      CompletableFuture<byte[]> seen = bench.compute();
      bench.cuda.eventRecord(bench.consumed, LEGACY_DEFAULT);
      bench.cuda.eventSynchronize(bench.copied);
      bench.host.fill((byte) -1);
      bench.cuda.finish();
      assertArrayEquals(
          new byte[] {round, round, round, round, round, round, round, round}, seen.join());
    }
    bench.cuda.eventSynchronize(bench.consumed);
    assertEquals(21, bench.cuda.numSynchronizations());
    assertEquals(20 * 8, bench.cuda.copiedBytes());
    bench.cuda.hostFree(bench.host);
    bench.cuda.deviceFree(bench.device);
    bench.cuda.streamDestroy(bench.stream);
    bench.cuda.eventDestroy(bench.copied);
    bench.cuda.eventDestroy(bench.consumed);
    bench.cuda.assertClean();
  }

  @ParameterizedTest
  @EnumSource
  void findsAModelThatDoesNotWaitForTheCopy(Schedule schedule) {
    Bench bench = new Bench(schedule);
    bench.copy();
    bench.expect("the model reads a device slot before it was copied", bench::compute);
  }

  @ParameterizedTest
  @EnumSource
  void findsARefillThatDoesNotWaitForTheModel(Schedule schedule) {
    Bench bench = new Bench(schedule);
    bench.copy();
    bench.cuda.streamWaitEvent(LEGACY_DEFAULT, bench.copied);
    bench.cuda.eventRecord(bench.consumed, LEGACY_DEFAULT);
    bench.compute(); // behind the event, not before it
    bench.cuda.streamWaitEvent(bench.stream, bench.consumed);
    bench.expect("a device slot is refilled before it was consumed", bench::copy);
  }

  @ParameterizedTest
  @EnumSource
  void findsMemoryThatIsFreedWhileInUse(Schedule schedule) {
    Bench copying = new Bench(schedule);
    copying.copy();
    copying.expect(
        "host memory is freed before its copy is done", () -> copying.cuda.hostFree(copying.host));

    Bench filling = new Bench(schedule);
    filling.copy();
    filling.expect(
        "device memory is freed before its copy is done",
        () -> filling.cuda.deviceFree(filling.device));

    Bench computing = new Bench(schedule);
    computing.copy();
    computing.cuda.streamWaitEvent(LEGACY_DEFAULT, computing.copied);
    computing.compute();
    computing.expect(
        "device memory is freed before it was consumed",
        () -> computing.cuda.deviceFree(computing.device));
  }

  @ParameterizedTest
  @EnumSource
  void findsAHostBlockThatIsRefilledBeforeTheHostKnowsOfItsCopy(Schedule schedule) {
    Bench bench = new Bench(schedule);
    bench.copy();
    bench.expect("a host slot is refilled before its copy is done", bench::copy);
  }

  @Test
  void findsAHostBlockThatIsOverwrittenBeforeItsCopy() {
    Bench bench = new Bench(Schedule.LAZY);
    bench.copy();
    bench.host.fill((byte) 1);
    bench.expect("a host slot is overwritten before its copy is done", bench.cuda::finish);
  }

  @Test
  void findsWhatIsUsedAfterItWasFreed() {
    Bench bench = new Bench(Schedule.LAZY);
    bench.cuda.hostFree(bench.host);
    bench.expect("a copy from host memory that is not page-locked, or was freed", bench::copy);

    Bench device = new Bench(Schedule.LAZY);
    device.cuda.deviceFree(device.device);
    device.expect("device memory is used that is not allocated, or was freed", device::copy);

    Bench stream = new Bench(Schedule.LAZY);
    stream.cuda.streamDestroy(stream.stream);
    stream.expect("a stream is used that does not exist", stream::copy);

    Bench event = new Bench(Schedule.LAZY);
    event.cuda.eventDestroy(event.copied);
    event.expect("an event is used that does not exist", event::copy);
  }

  @Test
  void findsCopiesThatCannotOverlap() {
    Bench bench = new Bench(Schedule.EAGER);
    bench.expect(
        "a copy on the stream that computes: no overlap",
        () -> bench.cuda.copyToDeviceAsync(bench.host, bench.device, 0, LEGACY_DEFAULT));

    Bench pageable = new Bench(Schedule.EAGER);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(8);
      pageable.expect(
          "a copy from host memory that is not page-locked, or was freed",
          () -> pageable.cuda.copyToDeviceAsync(memory, pageable.device, 0, pageable.stream));
    }
  }

  @Test
  void findsWhatIsDestroyedWithWorkUnderWayAndWhatIsLeft() {
    Bench bench = new Bench(Schedule.EAGER);
    bench.copy();
    bench.expect(
        "a stream is destroyed with work under way", () -> bench.cuda.streamDestroy(bench.stream));

    Bench event = new Bench(Schedule.EAGER);
    event.copy();
    event.expect(
        "an event is destroyed before it is complete", () -> event.cuda.eventDestroy(event.copied));

    Bench idle = new Bench(Schedule.EAGER);
    assertEquals(5, idle.cuda.left().size());
    assertThrows(AssertionError.class, idle.cuda::assertClean);
  }

  @Test
  void doesNothingBeforeItMustIfLazy() {
    Bench bench = new Bench(Schedule.LAZY);
    assertTrue(bench.cuda.eventQuery(bench.copied), "was never recorded");
    bench.host.set(JAVA_BYTE, 0, (byte) 7);
    bench.copy();
    bench.cuda.streamWaitEvent(LEGACY_DEFAULT, bench.copied);
    CompletableFuture<byte[]> seen = bench.compute();
    bench.cuda.eventRecord(bench.consumed, LEGACY_DEFAULT);

    assertFalse(bench.cuda.eventQuery(bench.copied));
    assertFalse(seen.isDone());
    bench.cuda.eventSynchronize(bench.consumed);
    assertTrue(bench.cuda.eventQuery(bench.copied));
    assertEquals(7, seen.join()[0]);
  }

  @ParameterizedTest
  @EnumSource
  void timedEventsTellTheirTimeOnceTheyAreComplete(Schedule schedule) {
    Bench bench = new Bench(schedule);
    CudaEvent begin = bench.cuda.timedEventCreate();
    CudaEvent end = bench.cuda.timedEventCreate();
    bench.cuda.eventRecord(begin, LEGACY_DEFAULT);
    bench.cuda.eventRecord(end, LEGACY_DEFAULT);
    bench.cuda.streamSynchronize(LEGACY_DEFAULT);

    assertTrue(bench.cuda.elapsedMillis(begin, end) >= 0);
    bench.expect(
        "the time of an event is asked that takes none",
        () -> bench.cuda.elapsedMillis(begin, bench.copied));
  }

  @ParameterizedTest
  @EnumSource
  void noTimeIsAskedOfAnEventThatMayNotBeComplete(Schedule schedule) {
    Bench bench = new Bench(schedule);
    CudaEvent begin = bench.cuda.timedEventCreate();
    bench.cuda.eventRecord(begin, bench.stream);
    bench.expect(
        "the time of an event is asked before it is complete",
        () -> bench.cuda.elapsedMillis(begin, begin));
  }
}
