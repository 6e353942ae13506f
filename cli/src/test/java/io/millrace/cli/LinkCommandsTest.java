package io.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkCommandsTest {
  @TempDir private Path directory;

  private record Outcome(int exitCode, String out, String err) {}

  private Outcome run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Millrace.run(
            args,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Outcome(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private String in(String name) {
    return directory.resolve(name).toString();
  }

  private void requireDone(String... args) {
    List<String> quiet = new ArrayList<>(List.of(args));
    quiet.addAll(List.of("--quiet", "--device", "cpu"));
    Outcome outcome = run(quiet.toArray(String[]::new));
    assertEquals(0, outcome.exitCode(), outcome.err());
  }

  private void assertRefused(String message, String... args) {
    Outcome outcome = run(args);
    assertEquals(2, outcome.exitCode(), outcome.err());
    assertTrue(outcome.err().contains(message), outcome.err());
  }

  @Test
  void splitsTrainsAndScoresPairs() throws Exception {
    requireDone("generate", "planted", "--nodes", "400", "--edges", "3000", "--out", in("whole"));
    requireDone("split-edges", in("whole"), "--out", in("links"), "--seed", "3");
    requireDone(
        "train",
        in("links"),
        "--task",
        "link",
        "--epochs",
        "2",
        "--hidden",
        "16",
        "--decoder",
        "mlp",
        "--save",
        in("model"),
        "--json",
        in("train.json"));
    String json = Files.readString(directory.resolve("train.json"));
    assertTrue(json.contains("\"metric\": \"rocauc\"") && json.contains("test_mean"), json);
    assertTrue(json.contains("\"task\": \"link\""), json);
    assertTrue(json.contains("\"decoder\": \"mlp\""), json);
    requireDone(
        "infer",
        in("links"),
        "--model",
        in("model"),
        "--out",
        in("scores"),
        "--pairs",
        in("links/links/test.npy"));
    long numTest = (Files.size(directory.resolve("links/links/test.npy")) - 128) / 8;
    assertEquals(128 + 4 * numTest, Files.size(directory.resolve("scores/scores.npy")));

    assertRefused(
        "a model of train --task link scores --pairs",
        "infer",
        in("links"),
        "--model",
        in("model"),
        "--out",
        in("no"));
    assertRefused("dataset has no held-out links", "train", in("whole"), "--task", "link");
    assertRefused("are for links: --task=node", "train", in("whole"), "--negatives", "uniform");
    assertRefused("are for links: --task=node", "train", in("whole"), "--decoder", "mlp");
    assertRefused(
        "loss and class weights of nodes do not fit link prediction",
        "train",
        in("links"),
        "--task",
        "link",
        "--loss",
        "bce");
    assertRefused(
        "metric does not fit what is predicted: metric=AVERAGE_PRECISION",
        "train",
        in("whole"),
        "--metric",
        "average-precision",
        "--device",
        "cpu");
    assertRefused(
        "shares must be above 0",
        "split-edges",
        in("whole"),
        "--out",
        in("no"),
        "--valid",
        "0.9",
        "--test",
        "0.2");
    assertRefused(
        "in-batch negatives are the batch's",
        "train",
        in("links"),
        "--task",
        "link",
        "--negatives",
        "in-batch",
        "--num-negatives",
        "2");
    assertRefused(
        "a batch has too many pairs of nodes",
        "train",
        in("links"),
        "--task",
        "link",
        "--num-negatives",
        "10000000");
    assertRefused(
        "--pairs takes no such option: option=--shard",
        "infer",
        in("links"),
        "--model",
        in("model"),
        "--out",
        in("no"),
        "--pairs",
        in("links/links/test.npy"),
        "--shard",
        "1/3");
  }
}
