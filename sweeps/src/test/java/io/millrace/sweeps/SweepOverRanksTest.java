package io.millrace.sweeps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import io.millrace.BadInputException;
import io.millrace.ranks.InProcessCollective;
import io.millrace.ranks.RankFailedException;
import io.millrace.ranks.params.Staleness;
import io.millrace.slicing.partition.Assignment;
import io.millrace.training.loss.Loss;
import io.millrace.training.metrics.AnswerKind;
import io.millrace.training.parallel.PartitionSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps whose trials are shared by ranks: as sweeps of one process, and what ends them. */
class SweepOverRanksTest extends SweepFixture {
  private static final ScheduleOptions ASHA =
      new ScheduleOptions(SchedulerKind.ASHA, 4, 1, 2, true, 2);

  private SweepBuilder sweep(String name, ScheduleOptions schedule) {
    return sweep(name, schedule, training());
  }

  private SweepBuilder sweep(String name, ScheduleOptions schedule, TrialTraining training) {
    return GraphSweep.builder(training)
        .space(SweptGraph.space())
        .saveTo(folder.resolve(name))
        .trials(4)
        .changing(Set.of("lr"))
        .schedule(schedule);
  }

  private TrialTraining training() {
    return trial -> SweptGraph.training(data).trainer(trial).virtualNodes(4);
  }

  /** Runs a sweep on each rank. */
  private static List<CompletableFuture<SweepResult>> onRanks(
      int size, Function<InProcessCollective, SweepBuilder> sweep) {
    return onRanks(size, sweep, SweepListener.NONE);
  }

  private static List<CompletableFuture<SweepResult>> onRanks(
      int size, Function<InProcessCollective, SweepBuilder> sweep, SweepListener listener) {
    List<CompletableFuture<SweepResult>> all =
        InProcessCollective.group(size, Duration.ofMinutes(2)).stream()
            .map(
                rank ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try (rank) {
                            return sweep.apply(rank).collective(rank).build().run(listener);
                          }
                        },
                        task -> Thread.ofPlatform().daemon().start(task)))
            .toList();
    all.forEach(it -> it.exceptionally(_ -> null).join());
    return all;
  }

  /** Ranks other than 0 have no folder. */
  private List<SweepResult> shared(int size, Function<String, SweepBuilder> sweep) {
    return onRanks(size, rank -> sweep.apply(rank.rank() == 0 ? "shared" : "nowhere")).stream()
        .map(CompletableFuture::join)
        .toList();
  }

  private void assertSame(SweepResult expected, List<SweepResult> found) throws IOException {
    for (SweepResult result : found) {
      assertEquals(table(expected), table(result));
    }
    for (TrialRow row : expected.trials()) {
      String model = "trial-00" + row.trial().number() + "/model.safetensors";
      if (row.bestEpoch() > 0) {
        assertArrayEquals(bytes("alone", model), bytes("shared", model));
      }
    }
    assertArrayEquals(bytes("alone", "model.safetensors"), bytes("shared", "model.safetensors"));
    assertTrue(Files.notExists(folder.resolve("nowhere")));
  }

  private byte[] bytes(String sweep, String file) throws IOException {
    return Files.readAllBytes(folder.resolve(sweep).resolve(file));
  }

  @Test
  void twoRanksFindWhatOneProcessFinds() throws IOException {
    SweepResult alone = sweep("alone", ASHA).trials(3).build().run(SweepListener.NONE);
    assertSame(alone, shared(2, name -> sweep(name, ASHA).trials(3)));
  }

  @ParameterizedTest
  @Tag("exhaustive")
  @CsvSource({
    "ASHA, true, 3",
    "ASHA, false, 2",
    "HALVING, true, 4",
    "RANDOM, true, 2",
    "PBT, true, 3"
  })
  void everySchedulerFindsWhatItFindsInOneProcess(SchedulerKind kind, boolean promotion, int size)
      throws IOException {
    ScheduleOptions options = new ScheduleOptions(kind, 4, 1, 2, promotion, 2);
    SweepResult alone = sweep("alone", options).trials(6).build().run(SweepListener.NONE);
    assertSame(alone, shared(size, name -> sweep(name, options).trials(6)));
  }

  @Test
  @Tag("exhaustive")
  void aSweepThatIsKilledAnywhereResumesOnAnotherNumberOfRanks() throws IOException {
    ScheduleOptions options = new ScheduleOptions(SchedulerKind.PBT, 4, 1, 3, true, 2);
    int[] numEvents = {0};
    SweepResult alone = sweep("alone", options).build().run((_, _) -> numEvents[0]++);
    for (int i = 1; i <= numEvents[0]; i++) {
      killedAfter(i, options, alone);
    }
  }

  private void killedAfter(int numEvents, ScheduleOptions options, SweepResult expected) {
    String name = "killed-" + numEvents;
    AtomicInteger seen = new AtomicInteger();
    for (CompletableFuture<SweepResult> end :
        onRanks(
            1 + numEvents % 3,
            rank -> sweep(rank.rank() == 0 ? name : "nowhere", options),
            (_, _) -> {
              if (seen.incrementAndGet() == numEvents) {
                throw new IllegalStateException("killed");
              }
            })) {
      assertTrue(failure(end).getMessage().endsWith("killed"), failure(end).getMessage());
    }
    for (CompletableFuture<SweepResult> end :
        onRanks(
            1 + (numEvents + 1) % 3,
            rank -> sweep(rank.rank() == 0 ? name : "nowhere", options).resume(true))) {
      assertEquals(table(expected), table(end.join()), name);
    }
  }

  /** A trial for each rank, whose settings do not fit there. */
  @Test
  void aTrialThatFailsOnOneRankFailsOnAllAndTheSweepGoesOn() {
    List<SweepResult> ends =
        onRanks(
                3,
                rank ->
                    sweep(
                        rank.rank() == 0 ? "shared" : "nowhere",
                        ScheduleOptions.of(SchedulerKind.RANDOM, 1),
                        trial -> {
                          if (trial.number() == rank.rank()) {
                            throw BadInputException.of("does not fit", "trial", trial.number());
                          }
                          return training().trainer(trial);
                        }))
            .stream()
            .map(CompletableFuture::join)
            .toList();
    for (SweepResult end : ends) {
      assertEquals(3, end.best().trial().number());
      for (TrialRow row : end.trials().subList(1, 4)) {
        assertEquals(Optional.of("does not fit: trial=" + row.trial().number()), row.error());
      }
    }
  }

  /** Not finite for a part of a batch, which one rank computes, that has so many of a class. */
  private record Skewed(int limit) implements Loss {
    @Override
    public boolean fits(AnswerKind kind) {
      return Loss.CROSS_ENTROPY.fits(kind);
    }

    @Override
    public NDArray terms(NDArray output, NDArray answers) {
      long found = Arrays.stream(answers.toLongArray()).filter(it -> it == 1).count();
      NDArray terms = Loss.CROSS_ENTROPY.terms(output, answers);
      return found >= limit ? terms.div(0) : terms;
    }
  }

  @Test
  @Tag("exhaustive")
  void aLossThatIsNotFiniteFailsAsInOneProcess() throws IOException {
    TrialTraining skewed =
        trial -> training().trainer(trial).loss(new Skewed(trial.number() == 0 ? 99 : 9));
    ScheduleOptions all = ScheduleOptions.of(SchedulerKind.RANDOM, 6);
    SweepResult alone = sweep("alone", all, skewed).build().run(SweepListener.NONE);
    TrialRow last = alone.trials().getLast();
    assertTrue(last.error().orElse("none").startsWith("loss is not finite"), last.toString());
    assertTrue(last.epochs() > 0, last.toString());
    assertSame(alone, shared(3, name -> sweep(name, all, skewed)));
  }

  private TrialTraining lagging(TrialTraining training) {
    return trial -> training.trainer(trial).staleness(new Staleness(2, Staleness.Read.PINNED));
  }

  /** Node v is of rank v mod 2. */
  private TrialTraining dividing(TrialTraining training) {
    int[] parts = IntStream.range(0, data.graph().numNodes()).map(v -> v % 2).toArray();
    PartitionSettings settings =
        new PartitionSettings(
            Assignment.of(2, parts),
            0,
            InetAddress.getLoopbackAddress(),
            Optional.empty(),
            Duration.ofMinutes(1));
    return trial -> training.trainer(trial).partition(settings);
  }

  @Test
  void ranksThatMayLagFindTheSameForAnyNumberOfThem() throws IOException {
    TrialTraining lagging = lagging(training());
    List<SweepResult> two = shared(2, name -> sweep(name, ASHA, lagging).trials(2));
    Files.move(folder.resolve("shared"), folder.resolve("alone"));
    assertSame(two.getFirst(), shared(3, name -> sweep(name, ASHA, lagging).trials(2)));
  }

  @Test
  void ranksThatDivideTheRowsFindWhatOneProcessFinds() throws IOException {
    SweepResult alone = sweep("alone", ASHA).trials(2).build().run(SweepListener.NONE);
    TrialTraining dividing = dividing(training());
    assertSame(alone, shared(2, name -> sweep(name, ASHA, dividing).trials(2)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Tag("exhaustive")
  void aTrialThatFailsEndsAloneWhereRanksLagOrDivideTheRows(boolean lags) {
    ScheduleOptions all = ScheduleOptions.of(SchedulerKind.RANDOM, 6);
    TrialTraining skewed =
        trial -> training().trainer(trial).loss(new Skewed(trial.number() == 0 ? 99 : 9));
    TrialTraining training = lags ? lagging(skewed) : dividing(skewed);
    for (SweepResult end : shared(2, name -> sweep(name, all, training))) {
      assertEquals(0, end.best().trial().number());
      for (TrialRow row : end.trials().subList(1, 4)) {
        assertTrue(row.error().orElse("none").startsWith("loss is not finite"), row.toString());
      }
    }
  }

  @Test
  void whatOneRankThrowsEndsTheSweepOnAll() {
    List<CompletableFuture<SweepResult>> ends =
        onRanks(
            2,
            rank ->
                sweep(
                    "ends",
                    ASHA,
                    trial -> {
                      if (rank.rank() == 1 && trial.number() == 1) {
                        throw new IllegalStateException("disk is broken");
                      }
                      return training().trainer(trial);
                    }));
    RankFailedException first = assertInstanceOf(RankFailedException.class, failure(ends.get(0)));
    assertEquals(1, first.rank());
    assertEquals("disk is broken", first.reason());
    assertInstanceOf(IllegalStateException.class, failure(ends.get(1)));
  }

  private static Throwable failure(CompletableFuture<SweepResult> end) {
    return assertThrows(CompletionException.class, end::join).getCause();
  }

  @Test
  void otherSettingsOnARankAreOneLineOnAll() {
    for (CompletableFuture<SweepResult> end :
        onRanks(2, rank -> sweep("other", ASHA).trials(4 + rank.rank()))) {
      assertEquals("all ranks need the same trials: rank 0=4, rank 1=5", failure(end).getMessage());
    }
    assertTrue(Files.notExists(folder.resolve("other")));
    for (CompletableFuture<SweepResult> end : onRanks(2, _ -> sweep("x", ASHA).parallel(2))) {
      assertEquals(
          "ranks share one trial at a time: parallel=2, ranks=2", failure(end).getMessage());
    }
    for (CompletableFuture<SweepResult> end :
        onRanks(2, _ -> sweep("few", ASHA, SweptGraph.training(data)))) {
      assertTrue(
          failure(end).getMessage().contains("each rank needs a virtual node"),
          failure(end).getMessage());
    }
  }
}
