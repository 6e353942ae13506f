package io.millrace.bench.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.BadInputException;
import io.millrace.cli.CommandRun;
import io.millrace.datasets.GraphDataset;
import io.millrace.serving.PredictionServer;
import io.millrace.serving.ServerOptions;
import io.millrace.serving.models.ModelSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
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

  @Tag("exhaustive")
  @Test
  void measuresAServerThatIsThereAlready() {
    ModelSettings settings =
        new ModelSettings(
            5_000_000_000L,
            ModelSettings.Mode.SAMPLED,
            Optional.empty(),
            0,
            false,
            OptionalLong.empty(),
            1_000_000,
            0,
            1,
            1,
            1);
    try (GraphDataset data = GraphDataset.open(folder.resolve("data"));
        PredictionServer server = PredictionServer.of(data, settings, 0)) {
      server.add("model", folder.resolve("model"), Optional.empty());
      String url = server.start(ServerOptions.defaults()).toString();
      CommandRun run =
          serve(
              "--url",
              url,
              "--seconds",
              "1",
              "--rounds",
              "1",
              "--warm-up",
              "0.5",
              "--loads",
              "0.3",
              "--slo-ms",
              "5000");
      assertEquals(0, run.exitCode(), run.err());
      JsonObject load = run.json().getAsJsonArray("loads").get(0).getAsJsonObject();
      assertEquals("server", load.get("variant").getAsString());
      assertTrue(load.get("status_200").getAsInt() > 0, load.toString());
    }
  }

  @Test
  void aServerThatIsThereHasItsOwnSettings() {
    CommandRun run = serve("--url", "http://127.0.0.1:1", "--fanout", "5,5");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("url=http://127.0.0.1:1"), run.err());
  }

  @Test
  void reportsAServerThatDoesNotAnswerInOneLine() {
    CommandRun run =
        serve("--url", "http://127.0.0.1:1", "--warm-up", "0", "--seconds", "0.1", "--quiet");
    assertEquals(2, run.exitCode(), run.err());
    assertEquals(1, run.err().strip().lines().count(), run.err());
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
