package io.millrace.cli.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.millrace.Progress;
import io.millrace.cli.CommandRun;
import io.millrace.datasets.GraphDataset;
import io.millrace.ranks.InProcessCollective;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.models.GraphSage;
import io.millrace.tuning.Profiler;
import io.millrace.tuning.balance.Balance;
import io.millrace.tuning.balance.RankProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranks that are not equally fast: measured, divided, and trained. */
@Tag("exhaustive")
class UnequalRanksTest {
  private static final ThreadLocal<Integer> SLOWNESS = ThreadLocal.withInitial(() -> 1);

  @TempDir static Path folder;
  private static Path graph;

  @BeforeAll
  static void makeGraph() {
    graph = folder.resolve("graph");
    CommandRun.ok(
        "generate", "planted", "--nodes", 2000, "--edges", 8000, "--out", graph, "--quiet");
  }

  /** Takes 250 ms and one for each seed, times the slowness of the thread. */
  record Slow() implements Loss {
    @Override
    public boolean fits(AnswerKind kind) {
      return Loss.CROSS_ENTROPY.fits(kind);
    }

    @Override
    public NDArray terms(NDArray output, NDArray answers) {
      try {
        Thread.sleep(SLOWNESS.get() * (250 + output.getShape().get(0)));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return Loss.CROSS_ENTROPY.terms(output, answers);
    }
  }

  private static TrainerBuilder builder(GraphDataset data) {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(8, 2))
        .loss(new Slow())
        .fanout(3, 2)
        .batchSize(256)
        .computeThreads(1);
  }

  private static <T> List<T> onRanks(Function<InProcessCollective, T> body) {
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      return InProcessCollective.group(2, Duration.ofSeconds(60)).stream()
          .map(
              rank ->
                  CompletableFuture.supplyAsync(
                      () -> {
                        SLOWNESS.set(1 + 2 * rank.rank());
                        return body.apply(rank);
                      },
                      threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }

  @Test
  void aStepTakesAsLongAsTheSolverSays() {
    try (GraphDataset data = GraphDataset.open(graph)) {
      List<RankProfile> profiles =
          onRanks(rank -> Profiler.profile(() -> builder(data), List.of(32), 5, Progress.NONE));
      Balance balance = Balance.of(256, 8, profiles);
      assertTrue(balance.counts()[1] == 2 && balance.counts()[0] == 6, () -> "a third: " + balance);
      List<double[]> measured =
          onRanks(
              rank -> {
                try (GraphTrainer trainer =
                    builder(data).virtualNodes(8).collective(rank, balance.counts()).build()) {
                  for (int e = 0; e < 3; e++) {
                    trainer.epoch();
                  }
                  return trainer.stepMillisOfRanks();
                }
              });
      assertEquals(measured.get(0)[1], measured.get(1)[1], "all ranks report the same");
      double slowest = Math.max(measured.getFirst()[0], measured.getFirst()[1]);
      assertEquals(1, slowest / balance.millis(), 0.15, slowest + " ms, " + balance);
    }
  }

  @Test
  void theCommandDividesByProfilesAndReportsPlanAndMeasurement() throws Exception {
    Path fast = folder.resolve("fast.json");
    Path slow = folder.resolve("slow.json");
    Path json = folder.resolve("balanced.json");
    CommandRun profiled =
        CommandRun.ok(
            "balance",
            "profile",
            graph,
            "--hidden",
            8,
            "--fanout",
            "4,3",
            "--batch-size",
            64,
            "--batches",
            3,
            "--out",
            fast);
    assertTrue(profiled.out().contains("16 seeds: "), profiled.out());
    assertEquals(64, ProfileFile.read(fast).points().getLast().size());
    Files.writeString(
        fast, "{\"points\": [{\"size\": 16, \"millis\": 1}, {\"size\": 64, \"millis\": 4}]}");
    Files.writeString(slow, "{\"points\": [{\"size\": 16, \"millis\": 3}]}");
    CommandRun run =
        CommandRun.ok(
            "train",
            graph,
            "--hidden",
            8,
            "--fanout",
            "4,3",
            "--batch-size",
            128,
            "--epochs",
            1,
            "--ranks",
            2,
            "--profiles",
            fast + "," + slow,
            "--json",
            json);
    for (String line :
        List.of("rank 0: 6 of 8 virtual nodes, ", "rank 1: 2 of 8 virtual nodes, ")) {
      assertTrue(run.out().lines().anyMatch(it -> it.startsWith(line)), run.out());
    }
    assertTrue(run.out().lines().anyMatch(it -> it.startsWith("imbalance: ")), run.out());
    JsonObject ranks =
        JsonParser.parseString(Files.readString(json)).getAsJsonObject().getAsJsonObject("ranks");
    assertEquals(8, ranks.get("virtual_nodes").getAsInt());
    JsonArray plan = ranks.getAsJsonArray("plan");
    JsonObject first = plan.get(0).getAsJsonObject();
    assertEquals(6, first.get("virtual_nodes").getAsInt());
    assertEquals(96, first.get("batch").getAsDouble());
    assertEquals(6, first.get("predicted_ms").getAsDouble());
    assertTrue(plan.get(1).getAsJsonObject().get("measured_ms").getAsDouble() > 0);
    assertTrue(ranks.get("imbalance").getAsDouble() >= 1);
  }

  @Test
  void badProfilesAreOneLine() throws Exception {
    Path bad = folder.resolve("bad.json");
    Files.writeString(bad, "{\"points\": [{\"size\": 0, \"millis\": 1}]}");
    CommandRun.of("train", graph, "--ranks", 1, "--profiles", bad)
        .assertBadInput("sizes and times of a profile must be positive: size=0, millis=1.0");
    for (String text : List.of("no", "")) {
      Files.writeString(bad, text);
      CommandRun.of("train", graph, "--ranks", 1, "--profiles", bad)
          .assertBadInput("this is no profile of balance profile: file=");
    }
    Files.writeString(bad, " ".repeat(1 << 20 | 1));
    CommandRun.of("train", graph, "--ranks", 1, "--profiles", bad)
        .assertBadInput("a profile is too long: file=" + bad + ", bytes=1048577, max=1048576");
    CommandRun.of("train", graph, "--ranks", 2, "--profiles", bad)
        .assertBadInput("each rank needs a profile: --profiles=1, ranks=2");
    CommandRun.of("train", graph, "--profiles", bad)
        .assertBadInput("--profiles needs --ranks or --hosts: --profiles=1");
  }
}
