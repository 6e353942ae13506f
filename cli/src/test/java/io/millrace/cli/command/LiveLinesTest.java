package io.millrace.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveLinesTest {
  private final ByteArrayOutputStream drawn = new ByteArrayOutputStream();

  private LiveLines lines(int columns) {
    return new LiveLines(new PrintStream(drawn, true, StandardCharsets.UTF_8), columns);
  }

  private String drawn() {
    return drawn.toString(StandardCharsets.UTF_8).replace("\u001b[", "^");
  }

  @Test
  void linesTakeThePlaceOfThoseBeforeAndGo() {
    LiveLines live = lines(80);
    live.show(List.of("one", "two"));
    live.show(List.of("three"));
    live.clear();
    live.clear();
    assertEquals("one^K\ntwo^K\n^J\r^2Athree^K\n^J\r^1A^J", drawn());
  }

  @Test
  void aLineIsNoLongerThanTheTerminalIsWide() {
    lines(6).show(List.of("trial 17"));
    assertEquals("trial^K\n^J", drawn());
  }

  @Test
  void thereIsNothingWithoutATerminal() {
    LiveLines live = lines(0);
    live.show(List.of("one"));
    live.clear();
    assertEquals("", drawn());
  }
}
