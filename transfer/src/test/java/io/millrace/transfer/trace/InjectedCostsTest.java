package io.millrace.transfer.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class InjectedCostsTest {
  @Test
  void busyTimeIsCpuTimeAndIdleTimeIsNot() {
    InjectedCosts costs = InjectedCosts.parse("sample:busy:30ms,slice:idle:30ms");
    long[] busy = spent(costs, Stage.SAMPLE, 0);
    long[] idle = spent(costs, Stage.SLICE, 0);
    long[] none = spent(costs, Stage.COMPUTE, 0);

    assertTrue(busy[0] >= 30_000_000 && busy[1] >= 30_000_000);
    assertTrue(idle[0] >= 30_000_000 && idle[1] < 15_000_000, "cpu " + idle[1]);
    assertTrue(none[1] < 5_000_000);
  }

  @Test
  void aTokenBucketLetsBytesThroughAtItsRateWhateverTheirPieces() {
    InjectedCosts costs = InjectedCosts.parse("slice:rate:10m");
    long begin = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      costs.spend(Stage.SLICE, 50_000);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;

    assertTrue(seconds >= .1, "1 MB at 10 MB/s took " + seconds);
  }

  @Test
  void varyingCostsHaveTheirMean() {
    InjectedCosts costs = InjectedCosts.parse("sample:busy:100us~50%");
    long cpu = 0;
    for (int i = 0; i < 400; i++) {
      cpu += spent(costs, Stage.SAMPLE, 0)[1];
    }
    double mean = cpu / 400e3;

    assertTrue(mean > 90, "mean " + mean); // the clock adds to it, never takes away
  }

  @ParameterizedTest
  @ValueSource(strings = {"sample", "sample:busy", "nothing:busy:1ms", "sample:lazy:1ms", "a:b:c"})
  void refusesWhatIsNotACost(String text) {
    BadInputException e = assertThrows(BadInputException.class, () -> InjectedCosts.parse(text));
    assertTrue(e.getMessage().contains("millrace.inject="), e.getMessage());
  }

  @Test
  void emptyIsNone() {
    assertEquals(0, spent(InjectedCosts.parse(""), Stage.SAMPLE, 1 << 30)[1] / 100_000_000);
  }

  /** Wall and CPU nanoseconds. */
  private static long[] spent(InjectedCosts costs, Stage stage, long bytes) {
    long wall = System.nanoTime();
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    costs.spend(stage, bytes);
    return new long[] {
      System.nanoTime() - wall, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu
    };
  }
}
