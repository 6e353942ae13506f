package io.millrace.cli.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code partition}, and {@code train} with rows that are divided. */
class PartitionCommandTest {
  @TempDir static Path folder;
  private static Path graph;

  @BeforeAll
  static void makeGraph() {
    graph = folder.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 2000, "--edges", 8000, "--out", graph, "--quiet");
  }

  @Test
  void partsCutFewerEdgesThanChanceAndAreAboutEqual() {
    JsonObject json = CommandRun.ok("partition", graph, "--parts", 3, "--json", "-").json();
    double random = json.get("random_cut_share").getAsDouble();
    assertEquals(2 / 3.0, random, 1e-9);
    assertTrue(json.get("cut_share").getAsDouble() < random, json.toString());
    assertTrue(json.get("balance").getAsDouble() < 1.1, json.toString());
  }

  @Test
  void rejectsWhatDoesNotBelongTogether() {
    CommandRun.of("train", graph, "--partition", folder.resolve("none"))
        .assertBadInput("--partition needs --ranks, --hosts or --collective mpi");
    CommandRun.of("train", graph, "--remote-cache", .1)
        .assertBadInput(
            "--remote-cache needs --partition, or parts of a dataset: --remote-cache=0.1");
    CommandRun.of("train", graph, "--ranks", 2, "--partition", "p", "--restarts", 1)
        .assertBadInput("a partition has a part for each rank", "--partition=p");
  }

  @Test
  void partsOfADatasetAreForTrainingWithRanksAlone() {
    Path parts = folder.resolve("parts-of-two");
    CommandRun.ok("partition", graph, "--parts", 2, "--save", parts);
    Path part = parts.resolve("part-1");
    JsonObject json = CommandRun.ok("inspect", part, "--json", "-").json();
    assertEquals(1, json.get("part").getAsInt());
    assertEquals(2, json.get("parts").getAsInt());
    assertTrue(json.get("feature_rows").getAsInt() < 2000);
    String rule = "a part of a dataset has the features of some nodes";
    CommandRun.of("train", part, "--quiet").assertBadInput(rule, "part=1, parts=2");
    CommandRun.of("export", part, "--out", folder.resolve("exported")).assertBadInput(rule);
    CommandRun.of("partition", part, "--parts", 2, "--save", folder.resolve("again"))
        .assertBadInput(rule);
    CommandRun.of("partition", graph, "--parts", 2, "--save", parts)
        .assertBadInput("output exists already");
    assertFalse(Files.exists(folder.resolve("again")));
  }

  @Test
  void commandsThatReadAllFeaturesRefuseAPart() throws Exception {
    Path parts = folder.resolve("refused");
    CommandRun.ok("partition", graph, "--parts", 2, "--save", parts);
    Path part = parts.resolve("part-0");
    Path model = folder.resolve("model");
    CommandRun.ok("train", graph, "--hidden", 4, "--fanout", "2,2", "--epochs", 1, "--save", model);
    Path out = folder.resolve("refused-out");
    Path space = Files.writeString(folder.resolve("space.yaml"), "hidden: [4, 8]\n");
    for (Object[] command :
        new Object[][] {
          {"infer", part, "--model", model, "--out", out},
          {"tune", part, "--out", out},
          {"serve", part, "--model", model, "--port", 0},
          {"balance", "profile", part, "--out", out},
          {"split-edges", part, "--out", out},
          {"sweep", part, "--space", space, "--trials", 1, "--max-epochs", 1, "--out", out}
        }) {
      CommandRun.of(with(command, "--quiet"))
          .assertBadInput("a part of a dataset has the features of some nodes", "part=0, parts=2");
      assertFalse(Files.exists(out), command[0].toString());
    }
  }

  @Tag("exhaustive")
  @Test
  void threeProcessesWithDividedRowsSaveTheModelOfOne() throws Exception {
    Path parts = folder.resolve("parts");
    Path json = folder.resolve("divided.json");
    Path datasets = folder.resolve("datasets");
    CommandRun.ok("partition", graph, "--parts", 3, "--out", parts, "--save", datasets);
    Object[] common = {
      "train",
      graph,
      "--hidden",
      8,
      "--fanout",
      "4,3",
      "--batch-size",
      60,
      "--virtual-nodes",
      3,
      "--device",
      "cpu",
      "--compute-threads",
      1,
      "--epochs",
      2
    };
    CommandRun.ok(with(common, "--save", folder.resolve("alone")));
    CommandRun run =
        CommandRun.ok(
            with(
                common,
                "--ranks",
                3,
                "--partition",
                parts,
                "--remote-cache",
                .1,
                "--save",
                folder.resolve("divided"),
                "--json",
                json));
    assertTrue(run.out().contains("rows: "), run.out());
    assertEquals(
        -1,
        Files.mismatch(
            folder.resolve("alone/model.safetensors"),
            folder.resolve("divided/model.safetensors")));
    common[1] = datasets;
    CommandRun.ok(
        with(common, "--ranks", 3, "--remote-cache", .1, "--save", folder.resolve("cut")));
    assertEquals(
        -1,
        Files.mismatch(
            folder.resolve("alone/model.safetensors"), folder.resolve("cut/model.safetensors")));
    CommandRun.of(with(common, "--ranks", 3, "--partition", parts, "--quiet"))
        .assertBadInput("a part of a dataset needs no --partition");
    CommandRun.of(
            with(common, "--ranks", 3, "--restarts", 1, "--save", folder.resolve("r"), "--quiet"))
        .assertBadInput("a partition has a part for each rank");
    common[1] = folder.resolve("two");
    CommandRun.ok("partition", graph, "--parts", 2, "--save", common[1]);
    CommandRun.of(with(common, "--ranks", 3, "--quiet"))
        .assertBadInput("a rank needs its own part of the dataset", "rank=2", "part-2");
    JsonObject rows =
        JsonParser.parseString(Files.readString(json))
            .getAsJsonObject()
            .getAsJsonObject("partition");
    double remote = rows.get("remote_rows").getAsDouble();
    assertEquals(1, rows.get("predicted_remote_rows").getAsDouble() / remote, 0.1);
    assertTrue(rows.get("cached_rows_hit").getAsLong() > 0);
    assertTrue(rows.get("local_rows").getAsLong() > 0);
    assertTrue(rows.get("bytes_received").getAsLong() > 0);
    assertTrue(rows.get("fetch_wait_share").getAsDouble() <= 1);
  }

  private static Object[] with(Object[] common, Object... more) {
    Object[] all = new Object[common.length + more.length];
    System.arraycopy(common, 0, all, 0, common.length);
    System.arraycopy(more, 0, all, common.length, more.length);
    return all;
  }
}
