package io.millrace.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transfer.trace.PipelineMetrics;
import io.millrace.transfer.trace.Stage;
import io.millrace.transfer.trace.StageTotals;
import io.millrace.tuning.Verdict.Kind;
import io.millrace.tuning.model.Resources;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
  private static final int BATCHES = 100;
  private static final double BYTES = 4e6;

  /** On both sides of both thresholds. */
  @ParameterizedTest
  @CsvSource({
    "3, compute-bound",
    "4.9, compute-bound",
    "6, moderately input-bound",
    "19, moderately input-bound",
    "20.1, highly input-bound",
    "25, highly input-bound"
  })
  void isDecidedByTheShareOfWaiting(double percent, String kind) {
    Verdict verdict = verdict(waiting(percent), 8);

    assertEquals(kind, verdict.kind().label());
    assertEquals(percent / 100, verdict.share(), 1e-9);
  }

  @Test
  void namesTheStageThatLimitsAndWhatOneMoreWorkerGives() {
    // preparation of a batch 40 ms on 2 workers, model 10 ms: 50 and 100 batches/s
    Verdict sampling = verdict(of(2, 30, 30, 10, 10, 10, 10), 8);
    assertEquals(Optional.of("sampling"), sampling.limit());
    assertEquals(Optional.of("3 workers instead of 2"), sampling.lever());
    assertEquals(1.5, sampling.gain(), 1e-9);
    assertTrue(sampling.text().startsWith("input-bound 50 % (highly): sampling limits"));

    Verdict slicing = verdict(of(2, 10, 10, 30, 30, 10, 10), 8);
    assertEquals(Optional.of("slicing"), slicing.limit());
  }

  @Test
  void namesNoLeverThatIsNotThere() {
    Verdict noCore = verdict(of(1, 30, 30, 10, 10, 10, 30), 1);
    assertEquals(Optional.empty(), noCore.lever());
    assertEquals(1, noCore.gain());
    assertTrue(noCore.text().contains("no free core"), noCore.text());

    Verdict idle = verdict(of(1, 10, 10, 30, 2, 10, 30), 1);
    assertEquals(Optional.of("2 workers instead of 1"), idle.lever(), "workers wait for pages");
  }

  /** With one slot one more worker has nothing to fill. */
  @Test
  void workersThatWaitForRoomNeedSlotsInsteadOfWorkers() {
    PipelineMetrics serial = of(2, 6, 6, 4, 4, 10, 10);
    Map<String, Map<Stage, StageTotals>> waits = new LinkedHashMap<>();
    waits.put("worker 0", Map.of(Stage.WAIT_FOR_ROOM, totals(BATCHES, 30, 0)));
    Verdict verdict = verdict(serial.plus(new PipelineMetrics(0, 0, waits)), 8);
    assertEquals(Optional.of("number of slots"), verdict.limit());
    assertEquals(Optional.of("more slots"), verdict.lever());
    assertEquals(2, verdict.gain(), 1e-9);
    assertEquals(
        "input-bound 50 % (highly): number of slots limits; more slots: 2.0x", verdict.text());
  }

  /** Preparation waits 78 of its 80 ms: for a disk that gives no more, or for one that does. */
  @Test
  void aDiskLimitsWhereOneMoreWorkerWouldNotReadFaster() {
    PipelineMetrics waiting = of(2, 2, 1, 78, 1, 10, 30); // 25 batches/s of 4 MB
    Verdict atItsRate = disk(waiting, 100e6);
    assertEquals(Kind.HIGHLY_INPUT_BOUND, atItsRate.kind());
    assertEquals(Optional.of("disk"), atItsRate.limit());
    assertEquals(Optional.empty(), atItsRate.lever());
    assertTrue(atItsRate.text().contains("disk limits; it has to read less"), atItsRate.text());
    Verdict faster = disk(waiting, 200e6);
    assertEquals(Optional.of("slicing"), faster.limit());
    assertEquals(Optional.of("3 workers instead of 2"), faster.lever());
    assertEquals(1.5, faster.gain(), 1e-9);
    assertEquals(Optional.of("slicing"), verdict(waiting, 8).limit(), "its rate is not known");
    PipelineMetrics moderately = of(2, 2, 1, 78, 1, 37, 3);
    assertEquals(Kind.MODERATELY_INPUT_BOUND, disk(moderately, 100e6).kind());
    assertEquals(Optional.of("disk"), disk(moderately, 100e6).limit());
    assertEquals(Kind.COMPUTE_BOUND, disk(of(2, 2, 1, 78, 1, 50, 1), 100e6).kind());
  }

  private static Verdict disk(PipelineMetrics metrics, double bytesPerSecond) {
    return Verdict.of(
        metrics, Stage.COMPUTE, Resources.ofCores(8).diskBytesPerSecond(bytesPerSecond));
  }

  @Test
  void coresLimitWhereOneMoreWorkerWouldFindNone() {
    Verdict full = verdict(of(2, 40, 40, 20, 20, 10, 20), 2); // 70 ms of CPU time each 30 ms
    assertEquals(Optional.of("cores"), full.limit());
    assertEquals(Optional.empty(), full.lever());
    assertTrue(full.text().contains("cores limit; no free core"), full.text());
    assertEquals(Optional.of("sampling"), verdict(of(2, 40, 40, 20, 20, 10, 20), 8).limit());
  }

  @Test
  void aTieIsBalanced() {
    assertEquals(Kind.BALANCED, verdict(of(1, 6, 6, 4, 4, 10.5, 0), 8).kind());
    assertEquals(Kind.COMPUTE_BOUND, verdict(of(1, 6, 6, 4, 4, 13, 0), 8).kind());
  }

  @Test
  void tellsHowMuchRoomTheInputHas() {
    Verdict verdict = verdict(of(1, 6, 6, 4, 4, 23, 0), 8);

    assertEquals(2.3, verdict.room(), 1e-9);
    assertEquals(
        "compute-bound: data ready 100 % of the time; the input has 2.3x room", verdict.text());
  }

  @Test
  void saysNothingAfterTooFewBatches() {
    PipelineMetrics metrics = metrics(Verdict.MIN_BATCHES - 1, 1, 6, 6, 4, 4, 10, 10);

    assertEquals(Kind.UNKNOWN, verdict(metrics, 8).kind());
    assertEquals(Kind.UNKNOWN, verdict(PipelineMetrics.NONE, 8).kind());
  }

  private static Verdict verdict(PipelineMetrics metrics, int cores) {
    return Verdict.of(metrics, Stage.COMPUTE, Resources.ofCores(cores));
  }

  private static PipelineMetrics waiting(double percent) {
    return of(2, 10, 10, 5, 5, 100 - percent, percent);
  }

  private static PipelineMetrics of(
      int workers,
      double sample,
      double sampleCpu,
      double slice,
      double sliceCpu,
      double compute,
      double wait) {
    return metrics(BATCHES, workers, sample, sampleCpu, slice, sliceCpu, compute, wait);
  }

  /** Times in milliseconds per batch; the process used the CPU times and the model's. */
  private static PipelineMetrics metrics(
      int batches,
      int workers,
      double sample,
      double sampleCpu,
      double slice,
      double sliceCpu,
      double compute,
      double wait) {
    Map<String, Map<Stage, StageTotals>> tracks = new LinkedHashMap<>();
    for (int w = 0; w < workers; w++) {
      int share = batches / workers + (w < batches % workers ? 1 : 0);
      tracks.put(
          "worker " + w,
          Map.of(
              Stage.SAMPLE, totals(share, sample, sampleCpu),
              Stage.SLICE, totals(share, slice, sliceCpu)));
    }
    tracks.put(
        "consumer",
        Map.of(
            Stage.COMPUTE, totals(batches, compute, compute),
            Stage.WAIT_FOR_DATA, totals(batches, wait, 0)));
    double wall = batches * (compute + wait);
    double cpu = batches * (sampleCpu + sliceCpu + compute);
    return new PipelineMetrics((long) (wall * 1e6), (long) (cpu * 1e6), tracks);
  }

  private static StageTotals totals(int count, double millis, double cpuMillis) {
    return new StageTotals(
        count,
        (long) (count * millis * 1e6),
        (long) (count * cpuMillis * 1e6),
        0,
        0,
        (long) (count * BYTES));
  }
}
