package io.millrace.bench.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transfer.EpochStats;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EpochResultTest {
  private static final long SECOND = 1_000_000_000;

  private static EpochTimes onCpu(double seconds, double waiting, double preparing, long digest) {
    return EpochTimes.onCpu(stats(seconds, waiting, preparing, digest));
  }

  private static EpochStats stats(double seconds, double waiting, double preparing, long digest) {
    long half = (long) (preparing * SECOND / 2);
    return new EpochStats(
        4, 0, 0, 0, half, half, 0, (long) (waiting * SECOND), 0, (long) (seconds * SECOND), digest);
  }

  private static EpochResult result(int numWorkers) {
    EpochResult result = new EpochResult(numWorkers);
    for (double noise : new double[] {1.5, 1, 0.5}) {
      result.add(EpochVariant.SERIAL, onCpu(10 * noise, 6 * noise, 6 * noise, 7));
      result.add(EpochVariant.WORKERS, onCpu(8 * noise, 4 * noise, 6 * noise, 7));
      result.add(EpochVariant.OVERLAP, onCpu(6.3 * noise, 2 * noise, 7 * noise, 7));
    }
    return result;
  }

  private static Map<?, ?> variant(EpochResult result, int index) {
    return (Map<?, ?>) ((List<?>) result.json().get("variants")).get(index);
  }

  @Test
  void saysWhereTheTimeOfAnEpochWent() {
    EpochResult result = result(1);
    Map<?, ?> overlap = variant(result, 3);

    assertEquals("+overlap", overlap.get("name"));
    assertEquals(6.3, (double) overlap.get("epoch_seconds"), 1e-9);
    assertEquals(7, (double) overlap.get("preparation_seconds"), 1e-9);
    assertEquals(4.3, (double) overlap.get("compute_seconds"), 1e-9);
    assertEquals(2, (double) overlap.get("blocked_on_preparation_seconds"), 1e-9);
    assertEquals(2 / 6.3, (double) overlap.get("wait_share"), 1e-9);
    assertEquals(4.3 / 6.3, (double) overlap.get("device_busy_share"), 1e-9);
    assertEquals(10 / 6.3, (double) overlap.get("speedup"), 1e-9);
  }

  @Test
  void whatTheCpuHasNotIsThereWithItsReason() {
    Map<?, ?> pinned = variant(result(1), 2);

    assertEquals("+pinned", pinned.get("name"));
    assertEquals("nothing is copied on the CPU", pinned.get("why_not"));
    assertNull(pinned.get("epoch_seconds"));
  }

  @Test
  void theOverlappedEpochIsHeldAgainstTheLongerPartOfTheSerialOne() {
    assertEquals(6, (double) result(1).json().get("bound_seconds"), 1e-9);
    assertEquals(1.05, (double) result(1).json().get("overlap_ratio"), 1e-9);
    assertEquals(4, (double) result(2).json().get("bound_seconds"), 1e-9, "two share the 6 s");
  }

  @Test
  void onAGpuTheGpuTellsAndCopyingCountsToo() {
    EpochResult result = new EpochResult(2);
    for (EpochVariant variant : EpochVariant.values()) {
      double idle = variant == EpochVariant.OVERLAP ? 0.5 : 2;
      double copying = variant == EpochVariant.PINNED ? 5 : 8;
      DeviceClock.Times device = new DeviceClock.Times(idle, copying, 4);
      result.add(variant, EpochTimes.onGpu(stats(20, 9, 6, 7), device));
    }
    Map<?, ?> overlap = variant(result, 3);

    assertEquals(0.5, (double) overlap.get("blocked_on_preparation_seconds"), 1e-9);
    assertEquals(8, (double) overlap.get("blocked_on_transfer_seconds"), 1e-9);
    assertEquals(4, (double) overlap.get("compute_seconds"), 1e-9);
    assertEquals(4 / 20.0, (double) overlap.get("device_busy_share"), 1e-9);
    assertEquals(5, (double) result.json().get("bound_seconds"), 1e-9, "copying, page-locked");
  }

  @Test
  void refusesVariantsThatTrainedOnOtherBatches() {
    EpochResult result = result(1);
    result.requireSameBatches();
    result.add(EpochVariant.SERIAL, onCpu(1, 1, 1, 7));
    result.add(EpochVariant.OVERLAP, onCpu(1, 1, 1, 8));
    result.add(EpochVariant.WORKERS, onCpu(1, 1, 1, 7));

    IllegalStateException e = assertThrows(IllegalStateException.class, result::requireSameBatches);
    assertTrue(e.getMessage().contains("+overlap"), e.getMessage());
  }
}
