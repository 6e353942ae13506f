package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** What {@code train --save} leaves beside the model. */
class TrainReportTest {
  @TempDir static Path folder;
  private static Path graph;
  private static Path saved;
  private static JsonObject result;

  @BeforeAll
  static void train() {
    graph = folder.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 600, "--classes", 3, "--features", 8, "--out", graph);
    saved = folder.resolve("saved");
    result =
        CommandRun.ok(
                "train",
                graph,
                "--epochs",
                3,
                "--batch-size",
                8,
                "--hidden",
                8,
                "--save",
                saved,
                "--json",
                "-",
                "--lr-schedule",
                "step:1,0.5",
                "--lr",
                0.01)
            .json();
  }

  private static List<String> lines(String name) throws Exception {
    return Files.readAllLines(saved.resolve(name));
  }

  private static String page() throws Exception {
    try {
      new Font(Font.SANS_SERIF, Font.PLAIN, 12)
          .getStringBounds("a", new FontRenderContext(null, true, true));
    } catch (RuntimeException | Error e) {
      abort("AWT cannot draw text here: " + e);
    }
    return Files.readString(saved.resolve("report.html"));
  }

  @Test
  void csvAndJsonLinesHaveTheSameFiguresOfEveryEpoch() throws Exception {
    List<String> csv = lines("epochs.csv");
    List<String> json = lines("epochs.jsonl");
    assertEquals(4, csv.size());
    assertEquals(3, json.size());
    List<String> names = List.of(csv.getFirst().split(","));
    for (int epoch = 0; epoch < 3; epoch++) {
      JsonObject line = JsonParser.parseString(json.get(epoch)).getAsJsonObject();
      assertEquals(names, List.copyOf(line.keySet()));
      List<String> values = Arrays.asList(csv.get(epoch + 1).split(",", -1));
      for (int i = 0; i < names.size(); i++) {
        boolean none = line.get(names.get(i)).isJsonNull();
        assertEquals(none ? "" : line.get(names.get(i)).getAsString(), values.get(i));
      }
      assertEquals(epoch + 1, line.get("epoch").getAsInt(), "epochs count from 1");
      assertEquals(0.01 * Math.pow(0.5, epoch), line.get("learning_rate").getAsDouble(), 1e-9);
      assertTrue(line.get("valid_rocauc").isJsonNull(), "there are three classes");
    }
    assertEquals(
        result.getAsJsonArray("runs").get(0).getAsJsonObject().get("losses").toString(),
        json.stream()
            .map(line -> JsonParser.parseString(line).getAsJsonObject().get("train_loss"))
            .toList()
            .toString()
            .replace(" ", ""));
  }

  @Test
  void theBestEpochCountsFromOneEverywhere() throws Exception {
    JsonObject run = result.getAsJsonArray("runs").get(0).getAsJsonObject();
    int best = run.get("best_epoch").getAsInt();
    JsonObject line = JsonParser.parseString(lines("epochs.jsonl").get(best - 1)).getAsJsonObject();
    assertEquals(best, line.get("epoch").getAsInt());
    assertEquals(run.get("valid"), line.get("valid_accuracy"));
    assertTrue(page().contains("(best after epoch " + best + " of 3)"));
  }

  @Test
  void theReportIsOnePageThatNeedsNothingElse() throws Exception {
    String page = page();
    assertTrue(page.length() < 200_000, "length " + page.length());
    assertFalse(page.contains(" src=") || page.contains("<link"), "it loads something");
    assertFalse(page.contains("<script"), "it runs something");
    String body = page.substring(page.indexOf("<html")).replace("<meta charset=\"utf-8\">", "");
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(body)));
    int curves = Files.exists(Path.of("/proc/self/status")) ? 6 : 5; // memory on Linux only
    assertEquals(curves + 3, document.getElementsByTagName("svg").getLength());
    for (String part : List.of(">wait for room</text>", ">worker 0</text>", ">CPU time</text>")) {
      assertTrue(page.contains(part), part);
    }
    assertTrue(page.contains(">validation</text>"), "curves are named");
    assertTrue(page.contains("predicted class"), "classes are compared");
    assertTrue(page.contains("<th>lr_schedule</th><td>step:1,0.5</td>"), "settings are there");
    try (Stream<Path> files = Files.list(saved)) {
      assertEquals(List.of(), files.filter(f -> f.toString().contains(".partial")).toList());
    }
  }

  @Test
  void theSummaryHasResultVerdictAndTimes() throws Exception {
    JsonObject run =
        JsonParser.parseString(Files.readString(saved.resolve("run.json"))).getAsJsonObject();
    JsonObject printed = result.getAsJsonArray("runs").get(0).getAsJsonObject();
    for (String name : List.of("best_epoch", "valid", "test", "batches_digest")) {
      assertEquals(printed.get(name), run.get(name), name);
    }
    assertEquals(result.get("verdict"), run.get("verdict"));
    assertEquals("step:1,0.5", run.getAsJsonObject("settings").get("lr_schedule").getAsString());
    JsonObject consumer =
        run.getAsJsonObject("pipeline").getAsJsonObject("threads").getAsJsonObject("consumer");
    assertTrue(consumer.getAsJsonObject("compute").get("wall_seconds").getAsDouble() > 0);
    assertTrue(page().contains(run.get("verdict_text").getAsString().substring(0, 12)));
  }

  @Test
  @Tag("exhaustive")
  void chromiumShowsEveryPlotAndEveryLabelWhole() throws Exception {
    Path other = folder.resolve("runs.html");
    CommandRun.ok("report", saved, "--out", other);
    for (Path file : List.of(saved.resolve("report.html"), other)) {
      page(); // only where AWT draws
      Chromium.Layout layout = Chromium.layout(file, folder);
      assertEquals(List.of(), layout.errors(), file.toString());
      assertTrue(layout.numImages() >= 4, file + " has " + layout.numImages());
      assertEquals(List.of(), layout.withoutSize(), file.toString());
      assertEquals(List.of(), layout.cutLabels(), file.toString());
    }
  }

  @Test
  @Tag("exhaustive")
  void whereAwtCannotDrawTextTheTrainingIsKeptAndTheReportLeftOut() throws Exception {
    Path noFonts = Files.writeString(folder.resolve("fonts"), "none");
    Path model = folder.resolve("unreported");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-Dsun.awt.fontconfig=" + noFonts);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Millrace.class.getName()));
    command.addAll(List.of("train", graph.toString(), "--epochs", "1", "--save", model.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    assertTrue(ended, "hangs");

    String err = Files.readString(folder.resolve("err"));
    assertEquals(0, process.exitValue(), err);
    assertTrue(err.contains("report.html is left out: "), err);
    assertTrue(Files.readString(folder.resolve("out")).contains("test accuracy"));
    assertTrue(Files.exists(model.resolve("model.safetensors")));
  }
}
