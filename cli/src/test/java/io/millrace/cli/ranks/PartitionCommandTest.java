package io.millrace.cli.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
        .assertBadInput("--remote-cache needs --partition: --remote-cache=0.1");
    CommandRun.of("train", graph, "--ranks", 2, "--partition", "p", "--restarts", 1)
        .assertBadInput("--partition has a part for each rank");
  }

  @Tag("exhaustive")
  @Test
  void threeProcessesWithDividedRowsSaveTheModelOfOne() throws Exception {
    Path parts = folder.resolve("parts");
    Path json = folder.resolve("divided.json");
    CommandRun.ok("partition", graph, "--parts", 3, "--out", parts);
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
