package io.millrace.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BarLineTest {
  private static final String MESSAGE = "epoch 3/10  loss 1.105  waiting 0.5 %";

  @Test
  void showsAllWhereThereIsRoom() {
    assertEquals(MESSAGE + "   25 %  0:30 left  [=====               ]", line(MESSAGE, 25, 79));
  }

  @Test
  void neverIsWiderThanTheTerminalAndKeepsTheMessageLongest() {
    for (int width = 1; width < 200; width++) {
      for (long done : new long[] {0, 1, 50, 100}) {
        String line = line(MESSAGE, done, width);
        assertTrue(line.length() <= width, width + ": " + line);
        assertTrue(line.startsWith(MESSAGE.substring(0, Math.min(width, MESSAGE.length()))), line);
      }
    }
    assertEquals(MESSAGE, line(MESSAGE, 25, 39), "a terminal of 40 columns");
  }

  @Test
  void countsWhereTheEndIsNotKnown() {
    assertEquals("edges  1,234", BarLine.line("edges", 0, 1234, -1, Duration.ofSeconds(1), 79));
  }

  @Test
  void onATerminalEpochsStandAboveTheBar() {
    System.setProperty("millrace.columns", "80");
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ProgressLine bar = ProgressLine.on(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      bar.start("", 0, 10);
      bar.update(5, MESSAGE);
      String line = bar.above("epoch 1/2: loss 1");
      bar.stop();
      assertEquals(80, line.length(), "covers the bar");
      assertTrue(line.startsWith("\repoch 1/2: loss 1 "));
      String drawn = bytes.toString(StandardCharsets.UTF_8);
      assertFalse(drawn.contains("\n"), drawn);
      assertTrue(drawn.endsWith("\r" + " ".repeat(79) + "\r"), "is gone: " + drawn);
    } finally {
      System.clearProperty("millrace.columns");
    }
  }

  private static String line(String text, long done, int width) {
    return BarLine.line(text, 0, done, 100, Duration.ofSeconds(10), width);
  }
}
