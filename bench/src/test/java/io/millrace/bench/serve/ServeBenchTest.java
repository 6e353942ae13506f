package io.millrace.bench.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.BadInputException;
import io.millrace.cli.CommandRun;
import java.net.URI;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeBenchTest {
  @TempDir private static Path folder;

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  @BeforeAll
  static void train() {
    CommandRun made =
        CommandRun.of("generate", "planted", "--nodes", "500", "--out", at("data"), "--quiet");
    assertEquals(0, made.exitCode(), made.err());
    CommandRun trained =
        CommandRun.of(
            "train",
            at("data"),
            "--hidden",
            "4",
            "--epochs",
            "1",
            "--save",
            at("model"),
            "--quiet");
    assertEquals(0, trained.exitCode(), trained.err());
  }

  private static CommandRun serve(String... options) {
    Object[] args = new Object[options.length + 7];
    System.arraycopy(
        new Object[] {"bench", "serve", at("data"), "--model", at("model"), "--json", "-"},
        0,
        args,
        0,
        7);
    System.arraycopy(options, 0, args, 7, options.length);
    return CommandRun.of(args);
  }

  @Tag("exhaustive")
  @Test
  void accountsForEveryRequestOfEachVariant() {
    CommandRun run =
        serve(
            "--seconds",
            "1",
            "--rounds",
            "2",
            "--warm-up",
            "1",
            "--loads",
            "0.3",
            "--slo-ms",
            "5000");
    assertEquals(0, run.exitCode(), run.err());
    JsonObject json = run.json();
    double capacity = json.get("capacity_per_second").getAsDouble();
    assertTrue(capacity > 0);
    assertEquals(6, json.getAsJsonArray("loads").size());
    json.getAsJsonArray("loads")
        .forEach(
            it -> {
              JsonObject load = it.getAsJsonObject();
              int count = load.get("lost_by_generator").getAsInt();
              for (String name : load.keySet()) {
                count += name.startsWith("status_") ? load.get(name).getAsInt() : 0;
              }
              assertEquals(2 * (int) Math.max(1, 0.3 * capacity), count, load.toString());
              assertTrue(load.get("status_200").getAsInt() > 0, load.toString());
            });
  }

  @Test
  void sendsNothingToOtherMachines() {
    assertThrows(
        BadInputException.class,
        () ->
            new LoadGenerator(
                URI.create("http://192.0.2.1:80"), "model", 10, 1, 0, OptionalLong.empty()));
  }

  @Test
  void refusesAVariantThatIsNotThere() {
    CommandRun run = serve("--only", "millrace,zoe");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("only=zoe"), run.err());
  }

  @Test
  void refusesLoadsThatAreNone() {
    CommandRun run = serve("--loads", "0.5,0");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("loads=0.0"), run.err());
  }
}
