package io.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.cli.Millrace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What the millrace command wrote and ended with. */
public record CommandRun(int exitCode, String out, String err) {
  public static CommandRun run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Millrace.run(
            args,
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
    return new CommandRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Of a run with {@code --json -}. */
  public JsonObject json() {
    assertEquals(0, exitCode, toString());
    return JsonParser.parseString(out).getAsJsonObject();
  }

  /** The last line says all of it. */
  public void assertBadInput(String... words) {
    assertEquals(2, exitCode, toString());
    for (String word : words) {
      assertTrue(err.lines().toList().getLast().contains(word), err);
    }
  }
}
