package io.millrace.training.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.ranks.Collective;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.RankSum;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What ranks do together, seen from one that is faster or slower than the other. */
class RanksTogetherTest {
  private final List<String> calls = new ArrayList<>();

  /** Rank 0 of two; the other has another seed, and ends as soon as all have met. */
  private Collective withAnother() {
    return (Collective)
        Proxy.newProxyInstance(
            Collective.class.getClassLoader(),
            new Class<?>[] {Collective.class},
            (_, method, arguments) -> {
              calls.add(method.getName());
              return switch (method.getName()) {
                case "rank" -> 0;
                case "size" -> 2;
                case "allGather" ->
                    List.of(arguments[0], "{\"seed\":\"2\"}".getBytes(StandardCharsets.UTF_8));
                case "barrier" -> throw new RankFailedException(1, 0, "it has reported it");
                default -> throw new AssertionError(method);
              };
            });
  }

  /** Else the failure of the fastest comes before the last has what it reports by itself. */
  @Test
  void ranksMeetBeforeAnyOfThemReportsWhatDiffers() {
    Ranks ranks = Ranks.of(withAnother(), 2, RankSum.ORDERED);
    calls.clear();
    BadInputException e =
        assertThrows(BadInputException.class, () -> ranks.requireSame(Map.of("seed", "1")));
    assertEquals("all ranks need the same seed: rank 0=1, rank 1=2", e.getMessage());
    assertEquals(List.of("allGather", "barrier"), calls);
  }
}
