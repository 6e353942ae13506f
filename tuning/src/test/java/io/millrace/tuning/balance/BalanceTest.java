package io.millrace.tuning.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.tuning.balance.RankProfile.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalanceTest {
  private static RankProfile profile(int largest, IntToDoubleFunction millis) {
    return new RankProfile(
        IntStream.iterate(16, size -> size <= largest, size -> 2 * size)
            .mapToObj(size -> new Point(size, millis.applyAsDouble(size)))
            .toList());
  }

  private static final RankProfile FAST = profile(256, size -> 4 + .25 * size);
  private static final RankProfile SLOW = profile(64, size -> 8 + size);

  @Test
  void aRankThatWouldOnlyDelayTheOthersIsLeftOut() {
    Balance best = Balance.best(512, List.of(FAST, SLOW));
    assertEquals(136, best.millis());
    assertArrayEquals(new int[] {2, 0}, best.counts());
    assertArrayEquals(new int[] {0, 2}, Balance.best(512, List.of(SLOW, FAST)).counts());
  }

  @Test
  void fixedSizesAreSharedByTheTimeThatTheyTake() {
    Balance balance = Balance.of(512, 8, List.of(FAST, SLOW));
    assertArrayEquals(new int[] {7, 1}, balance.counts());
    assertEquals(140, balance.millis());
    assertEquals(72, balance.shares().get(1).millis());
  }

  @Test
  void divisionsThatWereNotChosenTakeLonger() {
    assertEquals(576, Balance.best(512, List.of(SLOW)).millis());
    assertEquals(288, 4 * SLOW.millis(64), "equal halves");
    assertEquals(136, Balance.best(512, List.of(FAST)).millis());
  }

  @Test
  void aRankThreeTimesAsSlowGetsAThirdOfTheOther() {
    RankProfile three = profile(256, size -> 3 * (4 + .25 * size));
    Balance balance = Balance.of(512, 16, List.of(FAST, three));
    assertArrayEquals(new int[] {12, 4}, balance.counts());
  }

  /** All divisions into equal virtual nodes, tried one by one. */
  private static double bestOfAll(int batchSize, List<RankProfile> profiles) {
    double best = Double.POSITIVE_INFINITY;
    for (int size = 16; size <= batchSize; size *= 2) {
      int virtualNodes = Math.ceilDiv(batchSize, size);
      best = Math.min(best, best(virtualNodes, Math.ceilDiv(batchSize, virtualNodes), profiles));
    }
    return best;
  }

  private static double best(int left, int size, List<RankProfile> profiles) {
    if (profiles.isEmpty()) {
      return left == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    double best = Double.POSITIVE_INFINITY;
    for (int own = 0; own <= left; own++) {
      double millis = own == 0 ? 0 : own * profiles.getFirst().millis(size);
      double others = best(left - own, size, profiles.subList(1, profiles.size()));
      best = Math.min(best, Math.max(millis, others));
    }
    return best;
  }

  @Test
  void noDivisionIsBetterThanTheOneThatIsFound() {
    Random random = new Random(4);
    for (int trial = 0; trial < 200; trial++) {
      List<RankProfile> profiles = new ArrayList<>();
      for (int ranks = 1 + random.nextInt(3); ranks > 0; ranks--) {
        double fixed = 10 * random.nextDouble();
        double perSeed = random.nextDouble();
        profiles.add(profile(64 << random.nextInt(2), size -> fixed + perSeed * size));
      }
      Balance found = Balance.best(256, profiles);
      assertEquals(bestOfAll(256, profiles), found.millis(), 1e-9);
      assertTrue(found.virtualNodes() >= 2, "a size that was measured");
    }
  }

  @Test
  void timesBetweenMeasurementsAreOnALine() {
    RankProfile profile = new RankProfile(List.of(new Point(32, 20), new Point(16, 12)));
    assertEquals(12, profile.millis(1));
    assertEquals(12, profile.millis(16));
    assertEquals(16, profile.millis(24));
    assertEquals(20, profile.millis(32));
    assertEquals(Double.POSITIVE_INFINITY, profile.millis(33));
  }

  @Test
  void rejectsWhatNoRankHasMeasured() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> Balance.of(512, 1, List.of(FAST)));
    assertEquals(
        "no profile has so large a virtual node: profile larger ones, or take more virtual nodes:"
            + " seeds=512, virtualNodes=1",
        e.getMessage());
    assertThrows(BadInputException.class, () -> new RankProfile(List.of()));
    assertThrows(BadInputException.class, () -> new RankProfile(List.of(new Point(0, 1))));
    assertThrows(BadInputException.class, () -> new RankProfile(List.of(new Point(1, 0))));
  }
}
