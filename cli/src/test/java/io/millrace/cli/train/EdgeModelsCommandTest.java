package io.millrace.cli.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that read weights and features of edges, from the command. */
class EdgeModelsCommandTest {
  @TempDir private Path folder;

  private Path generated(int numNodes, String... attributes) {
    Path out = folder.resolve("data");
    List<Object> args = new ArrayList<>(List.of("generate", "planted", "--out", out));
    args.addAll(List.of("--nodes", numNodes, "--classes", "4", "--features", "16"));
    args.addAll(Arrays.asList(attributes));
    CommandRun.ok(args.toArray());
    return out;
  }

  @Tag("exhaustive")
  @Test
  void trainsResumesAndInfersWithWhatEdgesCarry() throws IOException {
    Path data = generated(300, "--edge-features", "2", "--edge-weights");
    String inspected = CommandRun.ok("inspect", data).out();
    assertTrue(inspected.contains("edge feature dim") && inspected.contains("edge weight min"));
    Path run = folder.resolve("run");
    Object[] gatv2 = {
      "train",
      data,
      "--model",
      "gatv2",
      "--edge-features",
      "--hidden",
      "8",
      "--fanout",
      "4,4",
      "--compute-threads",
      "1",
      "--checkpoint-every",
      "2",
      "--save"
    };
    CommandRun.ok(with(gatv2, run, "--epochs", "2"));
    CommandRun.ok("train", data, "--resume", run, "--save", run, "--epochs", "3");
    Path whole = folder.resolve("whole");
    CommandRun.ok(with(gatv2, whole, "--epochs", "3"));
    assertArrayEquals(model(whole), model(run), "resumed");
    CommandRun.ok("infer", data, "--model", run, "--out", folder.resolve("infer"));
  }

  @Test
  void refusesWhatDoesNotFitTheModel() {
    Path data = generated(60, "--edge-weights");
    CommandRun.of(
            "train", data, "--aggregator", "weighted-mean", "--draw", "weighted", "--epochs", "1")
        .assertEndsInBadInput("cannot be preferred by them");
    CommandRun.of("train", data, "--model", "sage", "--edge-features", "--epochs", "1")
        .assertEndsInBadInput("option does not fit the model");
    CommandRun.of("train", data, "--model", "gine", "--epochs", "1")
        .assertEndsInBadInput("edges of the dataset lack what is read of them: need=features");
  }

  private static byte[] model(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("model.safetensors"));
  }

  private static Object[] with(Object[] args, Object... more) {
    List<Object> all = new ArrayList<>(Arrays.asList(args));
    all.addAll(Arrays.asList(more));
    return all.toArray();
  }

  /** Weights tell edges within a community from others: plain means cannot know. */
  @Tag("exhaustive")
  @Test
  void weightedModelsWinWhereWeightsTell() throws IOException {
    Path data = generated(4000, "--edge-weights");
    double plain = accuracy(data, "--epochs", "15", "--model", "sage");
    double mean =
        accuracy(data, "--epochs", "15", "--model", "sage", "--aggregator", "weighted-mean");
    double gcn = accuracy(data, "--epochs", "15", "--model", "weighted-gcn");
    double estimate =
        accuracy(data, "--epochs", "15", "--model", "weighted-gcn", "--draw", "weighted-estimate");
    String all = "%s, %s, %s, %s".formatted(plain, mean, gcn, estimate);
    assertTrue(mean >= plain + 0.05 && gcn >= plain + 0.05 && estimate >= plain + 0.05, all);
  }

  /** One feature tells them; features of nodes alone do not. */
  @Tag("exhaustive")
  @Test
  void modelsOfEdgeFeaturesWinWhereTheyTell() throws IOException {
    Path data = generated(4000, "--edge-features", "4");
    double without = accuracy(data, "--epochs", "15", "--model", "gatv2");
    double gatv2 = accuracy(data, "--epochs", "15", "--model", "gatv2", "--edge-features");
    Object[] slowly = {"--epochs", "40", "--lr", "0.01", "--dropout", "0.1", "--batch-size", "256"};
    double gin = accuracy(data, with(slowly, "--model", "gin"));
    double gine = accuracy(data, with(slowly, "--model", "gine"));
    String all = "%s, %s, %s, %s".formatted(without, gatv2, gin, gine);
    assertTrue(gatv2 >= without + 0.05 && gine >= gin + 0.05, all);
  }

  private double accuracy(Path data, Object... options) throws IOException {
    Path json = folder.resolve("result.json");
    Files.deleteIfExists(json);
    Object[] train = {
      "train", data, "--fanout", "10,10", "--hidden", "32", "--seed", "1", "--json", json
    };
    CommandRun.ok(with(train, options));
    JsonObject result = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    assertEquals("train", result.get("command").getAsString());
    return result.get("test_mean").getAsDouble();
  }
}
