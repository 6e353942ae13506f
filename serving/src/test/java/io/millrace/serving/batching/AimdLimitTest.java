package io.millrace.serving.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class AimdLimitTest {
  private static final long MILLI = 1_000_000;
  private static final long OBJECTIVE = 20 * MILLI;

  /** Latencies of 5 ms and half a millisecond per node. */
  private static final IntToLongFunction FAST = size -> 5 * MILLI + size * MILLI / 2;

  private static List<Integer> limits(AimdLimit limit, int count, IntToLongFunction latency) {
    List<Integer> limits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      limits.add(limit.limit());
      limit.finished(limit.limit(), latency.applyAsLong(limit.limit()), OBJECTIVE);
    }
    return limits;
  }

  @Test
  void climbsToTheObjectiveAndSwingsBelowIt() {
    AimdLimit limit = new AimdLimit(1, 1);
    List<Integer> climb = limits(limit, 31, FAST);
    assertEquals(1, climb.getFirst());
    assertEquals(31, climb.getLast());
    assertEquals(
        List.of(27, 28, 29, 30, 31, 27, 28, 29, 30, 31), limits(limit, 10, FAST), "1 of 5 is over");
  }

  @Test
  void largerStepSwingsWithFewerBatches() {
    AimdLimit limit = new AimdLimit(1, 2);
    limits(limit, 16, FAST);
    assertEquals(List.of(27, 29, 31, 27, 29, 31), limits(limit, 6, FAST));
  }

  @Test
  void isWithinTheObjectiveAgainEightBatchesAfterAJump() {
    AimdLimit limit = new AimdLimit(1, 1);
    limits(limit, 30, FAST);
    assertEquals(31, limit.limit());
    assertEquals(
        List.of(31, 27, 24, 21, 18, 16, 14, 12, 10, 11, 9, 10, 11),
        limits(limit, 13, size -> 10 * MILLI + size * MILLI));
  }

  @Test
  void batchThatIsNotFullDoesNotRaiseIt() {
    AimdLimit limit = new AimdLimit(4, 1);
    limit.finished(3, MILLI, OBJECTIVE);
    assertEquals(4, limit.limit());
    limit.finished(1, OBJECTIVE + 1, OBJECTIVE);
    assertEquals(3, limit.limit());
    for (int i = 0; i < 10; i++) {
      limit.finished(1, OBJECTIVE + 1, OBJECTIVE);
    }
    assertEquals(1, limit.limit());
  }
}
