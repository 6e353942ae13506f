package io.millrace.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.millrace.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir Path folder;

  private Path write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).getParent();
  }

  private Path run(String name, double... valid) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < valid.length; i++) {
      lines.append(
          """
          {"epoch":%d,"valid_accuracy":%s,"valid_rocauc":null,"train_loss":1.5,"seconds":2.0}
          """
              .formatted(i + 1, valid[i]));
    }
    return write(name + "/epochs.jsonl", lines.toString());
  }

  private static String summary(int hidden, long seed, String verdict) {
    return """
    {"dataset":"d","model":"sage","seed":%d,"settings":{"hidden":%d,"layers":2},
     "metric":"accuracy","best_epoch":2,"test":0.625,"verdict_text":"%s"}
    """
        .formatted(seed, hidden, verdict);
  }

  private JsonArray report(Object... args) throws IOException {
    Object[] all = new Object[args.length + 5];
    all[0] = "report";
    System.arraycopy(args, 0, all, 1, args.length);
    List<Object> rest = List.of("--out", folder.resolve("o.html"), "--json", "-");
    for (int i = 0; i < rest.size(); i++) {
      all[args.length + 1 + i] = rest.get(i);
    }
    return CommandRun.ok(all).json().getAsJsonArray("runs");
  }

  private String page() throws IOException {
    return Files.readString(folder.resolve("o.html"));
  }

  @Test
  void showsWhatDiffersAndTheResultsOfEachRun() throws IOException {
    Path a = run("a", .25, .75, .5);
    write("a/run.json", summary(64, 0, "balanced"));
    Path b = run("b", .25, .5);
    write("b/run.json", summary(128, 0, "compute-bound"));
    JsonArray runs = report(a, b);
    JsonObject first = runs.get(0).getAsJsonObject();
    assertEquals("{\"hidden\":\"64\"}", first.get("settings").toString());
    assertEquals(2, first.get("best_epoch").getAsInt());
    assertEquals(.75, first.get("valid").getAsDouble());
    assertEquals(.625, first.get("test").getAsDouble());
    assertEquals(2, first.get("epoch_seconds").getAsDouble());
    String page = page();
    for (String text :
        List.of("<td>balanced</td>", "<td>2 of 3</td>", "<td>0.7500</td>", "<td>hidden</td>")) {
      assertTrue(page.contains(text), text);
    }
    assertFalse(page.contains("<td>layers</td>"), "the same in both");
    assertFalse(page.contains("<script"), "it runs something");
  }

  @Test
  void anOlderFolderIsShownWithWhatItHas() throws IOException {
    Path old = run("old", .5, .75, .75);
    write("old/options.json", "{\"--hidden\":\"64\",\"--metric\":\"accuracy\"}");
    Path now = run("now", .25);
    write("now/run.json", summary(64, 3, "balanced"));
    JsonObject run = report(old, now).get(0).getAsJsonObject();
    assertEquals(2, run.get("best_epoch").getAsInt(), "the earliest of the best");
    assertEquals(.75, run.get("valid").getAsDouble());
    assertTrue(run.get("test").isJsonNull() && run.get("verdict").isJsonNull(), "not known");
    assertFalse(page().contains("<td>hidden</td>"), "given and default are the same");
  }

  @Test
  void theFolderOfSeveralRunsStandsForAllOfThem() throws IOException {
    for (int seed : new int[] {10, 9}) {
      run("many/seed-" + seed, .5);
      write("many/seed-" + seed + "/run.json", summary(64, seed, "balanced"));
    }
    write("many/options.json", "{\"--epochs\":\"1\"}");
    JsonArray runs = report(folder.resolve("many"));
    assertEquals("{\"seed\":\"9\"}", runs.get(0).getAsJsonObject().get("settings").toString());
    assertTrue(runs.get(1).getAsJsonObject().get("name").getAsString().endsWith("seed-10"));
  }

  @Test
  void foldersOfOneNameKeepTheirPaths() throws IOException {
    JsonArray runs = report(run("x/r", .5), run("y/r", .5));
    assertTrue(runs.get(0).getAsJsonObject().get("name").getAsString().endsWith("x/r"));
  }

  @Test
  void namesAndSettingsAreText() throws IOException {
    Path run = run("<b>&", .5);
    write("<b>&/run.json", summary(1, 0, "<i>"));
    report(run);
    assertFalse(page().contains("<b>") || page().contains("<i>"), "HTML of a name is shown");
  }

  @Test
  void aNumberThatNoAxisHoldsIsUnknown() throws IOException {
    String lines =
        """
        {"epoch":1,"valid_accuracy":1e999,"valid_loss":1e308}
        {"epoch":2,"valid_accuracy":0.5,"valid_loss":-1e308}
        """;
    JsonObject run = report(write("huge/epochs.jsonl", lines)).get(0).getAsJsonObject();
    assertEquals(.5, run.get("valid").getAsDouble());
  }

  @Test
  void theNameOfAMetricIsText() throws IOException {
    Path run = write("m/epochs.jsonl", "{\"epoch\":1,\"valid_$1\\\\\":0.5}");
    write("m/run.json", "{\"metric\":\"$1\\\\\"}");
    report(run);
    assertTrue(page().contains("aria-label=\"Validation: $1\\\""), page());
  }

  @Test
  void whatIsNoRunIsRefusedInOneLine() throws IOException {
    Path out = folder.resolve("o.html");
    Path good = run("good", .5);
    refuse("no such folder of a training", folder.resolve("none"), out);
    refuse("no epochs of a training", Files.createDirectories(folder.resolve("empty")), out);
    refuse("no epochs of a training", write("short/epochs.jsonl", ""), out);
    refuse("no epochs of a training", Path.of("/"), out);
    for (String line : List.of("{\"epoch\":", "[]", "{\"epoch\":\"x\"}", "7", "\n")) {
      refuse("damaged", write("bad/epochs.jsonl", line), out);
    }
    run("half", .5);
    refuse("run.json", write("half/run.json", "{"), out);
    refuse("the folder of a report must exist", good, folder.resolve("none/o.html"));
    refuse("the folder of a report must exist", good, Path.of("/"));
    refuse("regular file", good, folder);
    assertFalse(Files.exists(out), "written");
  }

  private static void refuse(String words, Path run, Path out) {
    CommandRun.of("report", run, "--out", out).assertBadInput(words);
  }
}
