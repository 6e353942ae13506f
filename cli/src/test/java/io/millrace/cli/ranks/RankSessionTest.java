package io.millrace.cli.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.BadInputException;
import io.millrace.ranks.Collective;
import io.millrace.ranks.InProcessCollective;
import io.millrace.ranks.RankFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the other ranks notice when one of them ends, and how local ones are let go. */
class RankSessionTest {
  /** Before there is a trainer, nobody else reports it. */
  @Test
  void whatARankCannotReadIsReportedToTheOthers() {
    List<InProcessCollective> ranks = InProcessCollective.group(2, Duration.ofMillis(500));
    RankSession second = new RankSession(Optional.of(ranks.get(1)), List.of());
    assertThrows(
        BadInputException.class,
        () ->
            second.run(
                _ -> {
                  throw new BadInputException("no such dataset: directory=d");
                }));
    Collective first = ranks.getFirst();
    RankFailedException e =
        assertThrows(RankFailedException.class, () -> first.allGather(new byte[1]));
    assertEquals(1, e.rank());
    assertEquals("no such dataset: directory=d", e.reason());
  }

  @Test
  void processThatEndsBeforeItListensIsNamedWithItsLastLine() throws IOException {
    Process process = new ProcessBuilder("sh", "-c", "echo no memory >&2; exit 3").start();
    try (LocalRank rank = new LocalRank(1, process)) {
      RankFailedException e = assertThrows(RankFailedException.class, rank::address);
      assertEquals("the process has ended with exit code 3, its last line: no memory", e.reason());
    }
  }

  @Test
  void abandonedProcessEndsByItself() throws IOException {
    Process process = new ProcessBuilder("cat").start(); // ends when its input does
    try (LocalRank rank = new LocalRank(1, process)) {
      rank.abandon();
    }
    assertEquals(0, process.exitValue(), "it was not killed");
  }
}
