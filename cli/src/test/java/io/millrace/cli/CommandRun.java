package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A run of the command in this JVM: its exit code and what it printed. */
public record CommandRun(int exitCode, String out, String err) {

  public static CommandRun of(Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Millrace.run(
            Arrays.stream(args).map(Object::toString).toArray(String[]::new),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
    return new CommandRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A run that must succeed. */
  public static CommandRun ok(Object... args) {
    CommandRun run = of(args);
    assertEquals(0, run.exitCode, run.toString());
    return run;
  }

  /** Exit code 2, nothing on standard output, one line on standard error with all the words. */
  public void assertBadInput(String... words) {
    assertEquals("", out, toString());
    assertEquals(1, err.lines().count(), toString());
    assertEndsInBadInput(words);
  }

  /** Exit code 2; the last line on standard error has all the words. */
  public void assertEndsInBadInput(String... words) {
    assertEquals(2, exitCode, toString());
    String last = err.lines().toList().getLast();
    assertTrue(last.startsWith("millrace: "), toString());
    for (String word : words) {
      assertTrue(last.contains(word), "must say " + word + ": " + err);
    }
  }

  /** What a run with {@code --json -} printed; it must have succeeded. */
  public JsonObject json() {
    assertEquals(0, exitCode, toString());
    return JsonParser.parseString(out).getAsJsonObject();
  }
}
