package io.millrace.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private long seconds;

  private final ProgressLine line =
      new ProgressLine.Lines(
          new PrintStream(said, true, StandardCharsets.UTF_8), () -> seconds * 1_000_000_000);

  private void update(long atSecond, long done) {
    seconds = atSecond;
    line.update(done, "7 nodes/s");
  }

  @Test
  void withoutATerminalALineIsSaidAfterTenSecondsOfSilence() {
    line.start("layer 1", 0, 400);
    update(9, 90);
    update(10, 100);
    update(19, 190);
    line.above("layer 0: done");
    update(28, 280);
    update(30, 300);
    line.stop();
    assertEquals(
        "layer 1 7 nodes/s   25 %  0:30 left\nlayer 1 7 nodes/s   75 %  0:10 left\n", said());
  }

  @Test
  void theTimeLeftFollowsFromWhatThisRunHasDone() {
    line.start("layer 1", 300, 400);
    update(10, 300);
    update(20, 320);
    line.stop();
    assertEquals("layer 1 7 nodes/s   75 %\nlayer 1 7 nodes/s   80 %  1:20 left\n", said());
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
