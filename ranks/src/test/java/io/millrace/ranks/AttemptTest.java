package io.millrace.ranks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptTest {
  private static List<InProcessCollective> group(int size) {
    return InProcessCollective.group(size, Duration.ofSeconds(60));
  }

  @Test
  void anAttemptDoesWhatItsCollectiveDoes() throws Exception {
    float[][] parts = CollectiveContract.parts(1000);
    float[] inOrder = CollectiveContract.leftToRight(parts);
    int[] counts = {5, 3};
    List<float[]> sums =
        CollectiveContract.closing(
            group(2),
            whole -> {
              Attempt attempt = new Attempt(whole);
              attempt.step(4);
              assertEquals(2, attempt.size());
              assertEquals(whole.rank(), attempt.rank());
              byte[] own = {(byte) attempt.rank()};
              assertArrayEquals(new byte[] {1}, attempt.allGather(own).get(1));
              assertArrayEquals(new byte[] {1}, attempt.broadcast(own, 1));
              assertArrayEquals(
                  new float[] {3}, CollectiveContract.sum(attempt, new float[] {1 + own[0]}));
              attempt.barrier(Duration.ofSeconds(60));
              assertTrue(attempt.failure().isEmpty());
              return CollectiveContract.fold(
                  attempt, CollectiveContract.ownParts(parts, counts, attempt.rank()), 1000);
            });
    sums.forEach(it -> assertArrayEquals(inOrder, it));
  }

  /** Of three ranks, one or two of which fail, at the same operation or before it. */
  @Test
  void badInputEndsTheAttemptOnAllRanksAndTheNextOneBegins() throws Exception {
    for (List<Integer> failing : List.of(List.of(0), List.of(1), List.of(2, 1), List.of(0, 1, 2))) {
      List<List<String>> reasons =
          CollectiveContract.closing(group(3), whole -> givenUp(whole, failing));
      int first = failing.stream().min(Integer::compare).orElseThrow();
      List<String> expected = List.of(first + " loss: step=7", first + " loss: step=8");
      reasons.forEach(it -> assertEquals(expected, it));
    }
  }

  private static List<String> givenUp(Collective whole, List<Integer> failing) {
    List<String> reasons = new ArrayList<>();
    for (int step = 7; step < 9; step++) {
      Attempt attempt = new Attempt(whole);
      attempt.step(3);
      attempt.allGather(new byte[1]);
      if (failing.contains(whole.rank())) {
        attempt.step(step); // the others do not come to it
        attempt.fail(BadInputException.of("loss", "step", step));
        attempt.fail(new IllegalStateException("too late to be of interest"));
      }
      RankFailedException e =
          assertThrows(RankFailedException.class, () -> attempt.broadcast(new byte[1], 1));
      assertTrue(e.isBadInput());
      assertEquals(e.getMessage(), attempt.failure().orElseThrow().getMessage());
      reasons.add(e.rank() + " " + e.reason());
    }
    assertEquals(3, whole.allGather(new byte[0]).size());
    return reasons;
  }

  @Test
  void otherFailuresEndTheCollective() {
    List<Throwable> failures =
        CollectiveContract.failing(
            group(2),
            whole -> {
              Attempt attempt = new Attempt(whole);
              if (whole.rank() == 1) {
                attempt.fail(new IllegalStateException("out of memory"));
                assertFalse(attempt.failure().isPresent());
              }
              RankFailedException e =
                  assertThrows(RankFailedException.class, () -> attempt.allGather(new byte[1]));
              attempt.fail(e);
              assertFalse(attempt.failure().isPresent());
              return whole.allGather(new byte[1]);
            });
    failures.forEach(
        it ->
            assertEquals(
                "a rank has failed: rank=1, step=0, cause=out of memory", it.getMessage()));
  }
}
