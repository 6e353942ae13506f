package io.millrace.serving.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.serving.batching.RecentTimes;
import io.millrace.serving.cache.AnswerCache;
import io.millrace.serving.metrics.ServerMetrics;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ModelContextTest {
  private static final long MILLI = 1_000_000;

  private final RecentTimes overhead = new RecentTimes();
  private final ModelContext context =
      new ModelContext(
          null,
          new ModelSettings(
              20 * MILLI,
              ModelSettings.Mode.EXACT,
              Optional.empty(),
              0,
              false,
              OptionalLong.of(9),
              9,
              0,
              1,
              1,
              1),
          new AnswerCache<>(0, () -> {}),
          new ServerMetrics(),
          overhead);

  private void requestsThatTake(long nanos) {
    for (int i = 0; i < 256; i++) {
      overhead.add(nanos);
    }
  }

  @Test
  void readingAndWritingComeOffTheTimeOfABatch() {
    assertEquals(10 * MILLI, context.batchObjective(), "nothing is known yet");
    requestsThatTake(MILLI);
    assertEquals(19 * MILLI / 2, context.batchObjective(), "two batches fit");
    assertEquals(MILLI, context.transfer(20 * MILLI));
  }

  @Test
  void slowMachineTakesAQuarterOfTheTimeAtMost() {
    requestsThatTake(100 * MILLI);
    assertEquals(15 * MILLI / 2, context.batchObjective());
    assertEquals(MILLI, context.transfer(4 * MILLI));
    assertEquals(0, context.transfer(0));
  }
}
