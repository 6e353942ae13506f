package io.millrace.sampler.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.CsrGraph;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The search through many rows at a time next to one of a row, however times are spread. */
class TimeSearchTest {
  private static final int ROWS = 60;

  private final Random random = new Random(2);

  @Test
  void findsTheEdgesThatCountHoweverTimesAreSpread() {
    List<LongSupplier> spreads =
        List.of(
            () -> random.nextInt(1000),
            () -> 5,
            () -> 1L << random.nextInt(63),
            () -> random.nextInt(50) == 0 ? Long.MIN_VALUE : random.nextInt(100),
            () -> random.nextInt(50) == 0 ? Long.MAX_VALUE - 1 : random.nextInt(100),
            random::nextLong);
    for (LongSupplier spread : spreads) {
      for (OptionalLong window : List.of(OptionalLong.empty(), OptionalLong.of(40))) {
        for (boolean until : new boolean[] {false, true}) {
          assertSameRows(spread, new TimeRule(until, window, TimeRule.Sources.SEED));
        }
      }
    }
  }

  private void assertSameRows(LongSupplier spread, TimeRule rule) {
    long[] indptr = new long[ROWS + 1];
    for (int row = 0; row < ROWS; row++) {
      indptr[row + 1] = indptr[row] + random.nextInt(1 + (1 << random.nextInt(12)));
    }
    int numEdges = (int) indptr[ROWS];
    long[] times = new long[numEdges];
    for (int row = 0; row < ROWS; row++) {
      for (int i = (int) indptr[row]; i < indptr[row + 1]; i++) {
        times[i] = spread.getAsLong();
      }
      Arrays.sort(times, (int) indptr[row], (int) indptr[row + 1]);
    }
    CsrGraph graph = CsrGraph.of(indptr, new int[numEdges]);
    EdgeTimes edgeTimes = EdgeTimes.of(graph, MemorySegment.ofArray(times));
    TimeSearch search = new TimeSearch(edgeTimes, rule, ROWS);
    for (int call = 0; call < 10; call++) {
      long[] entryTimes = new long[ROWS];
      long[] starts = new long[ROWS];
      long[] lengths = new long[ROWS];
      for (int row = 0; row < ROWS; row++) {
        entryTimes[row] = entryTime(times);
        starts[row] = indptr[row];
        lengths[row] = indptr[row + 1] - indptr[row];
      }
      search.narrow(entryTimes, 0, ROWS, starts, lengths);
      for (int row = 0; row < ROWS; row++) {
        String what = rule + ", row=" + row + ", time=" + entryTimes[row];
        long[] eligible = eligible(rule, times, indptr, row, entryTimes[row]);
        assertEquals(eligible.length, lengths[row], what);
        assertEquals(eligible.length == 0 ? starts[row] : eligible[0], starts[row], what);
      }
    }
  }

  /** The positions of a row's edges that count. */
  private static long[] eligible(
      TimeRule rule, long[] times, long[] indptr, int row, long entryTime) {
    return LongStream.range(indptr[row], indptr[row + 1])
        .filter(position -> counts(rule, times[(int) position], entryTime))
        .toArray();
  }

  private static boolean counts(TimeRule rule, long time, long entryTime) {
    BigInteger limit = BigInteger.valueOf(entryTime);
    BigInteger first = limit.subtract(BigInteger.valueOf(rule.window().orElse(0)));
    return entryTime == TimeRule.NO_LIMIT
        || (rule.until() ? time <= entryTime : time < entryTime)
            && (rule.window().isEmpty() || BigInteger.valueOf(time).compareTo(first) >= 0);
  }

  private long entryTime(long[] times) {
    return switch (random.nextInt(8)) {
      case 0 -> TimeRule.NO_LIMIT;
      case 1 -> Long.MIN_VALUE;
      case 2 -> random.nextLong() & Long.MAX_VALUE - 1;
      default -> times.length == 0 ? 0 : times[random.nextInt(times.length)];
    };
  }
}
