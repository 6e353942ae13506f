package io.millrace.sweeps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.ranks.InProcessCollective;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sweeps whose trials are jobs, each of two ranks: as sweeps of one process. */
class SweepByJobsTest extends SweepFixture {
  private static final ScheduleOptions ASHA =
      new ScheduleOptions(SchedulerKind.ASHA, 4, 1, 2, true, 2);

  private final Queue<TrialJob> done = new ConcurrentLinkedQueue<>();

  /** Trial 1 does not fit, unless it is a copy. */
  private static Trial withoutOne(Trial trial) {
    if (trial.number() == 1 && trial.settings().equals(SweptGraph.space().draw(0, 1))) {
      throw BadInputException.of("does not fit", "trial", trial.number());
    }
    return trial;
  }

  private TrialTraining training() {
    return trial -> SweptGraph.training(data).trainer(withoutOne(trial)).virtualNodes(2);
  }

  private SweepBuilder sweep(String name, ScheduleOptions schedule) {
    return GraphSweep.builder(training())
        .space(SweptGraph.space())
        .saveTo(folder.resolve(name))
        .trials(4)
        .changing(Set.of("lr"))
        .schedule(schedule);
  }

  private JobResult run(TrialJob job) {
    done.add(job);
    List<CompletableFuture<Optional<JobResult>>> ranks =
        InProcessCollective.group(2, Duration.ofMinutes(2)).stream()
            .map(
                rank ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try (rank) {
                            return sent(job).run(training(), rank).map(SweepByJobsTest::sent);
                          }
                        },
                        task -> Thread.ofPlatform().daemon().start(task)))
            .toList();
    assertEquals(Optional.empty(), ranks.getLast().join());
    return ranks.getFirst().join().orElseThrow();
  }

  /** As another process receives it. */
  private static <T> T sent(T value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
      out.flush();
      @SuppressWarnings("unchecked")
      T read =
          (T) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
      return read;
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private byte[] model(String sweep) throws IOException {
    return Files.readAllBytes(folder.resolve(sweep).resolve("model.safetensors"));
  }

  private void assertSameAsHere(ScheduleOptions schedule) throws IOException {
    SweepResult here = sweep("here", schedule).build().run(SweepListener.NONE);
    SweepResult away = sweep("away", schedule).jobs(this::run).build().run(SweepListener.NONE);
    assertEquals(table(here), table(away));
    assertArrayEquals(model("here"), model("away"));
  }

  @Test
  void jobsFindWhatThisProcessFindsWithAJobForEachStayAndOneForTheTest() throws IOException {
    assertSameAsHere(ASHA);
    long stays =
        SweepLog.read(folder.resolve("away").resolve(SweepLog.FILE)).stream()
            .filter(SweepEvent.Began.class::isInstance)
            .count();
    assertEquals(stays + 1, done.size());
  }

  @ParameterizedTest
  @Tag("exhaustive")
  @CsvSource({"ASHA, false", "HALVING, true", "RANDOM, true", "PBT, true"})
  void everySchedulerFindsTheSame(SchedulerKind kind, boolean promotion) throws IOException {
    assertSameAsHere(new ScheduleOptions(kind, 4, 1, 2, promotion, 2));
  }

  @Test
  @Tag("exhaustive")
  void jobsInParallelFindTheSame() throws IOException {
    ScheduleOptions all = ScheduleOptions.of(SchedulerKind.RANDOM, 3);
    SweepResult here = sweep("here", all).build().run(SweepListener.NONE);
    SweepResult away =
        sweep("away", all).parallel(3).jobs(this::run).build().run(SweepListener.NONE);
    assertEquals(table(here), table(away));
    assertArrayEquals(model("here"), model("away"));
  }

  @Test
  @Tag("exhaustive")
  void aSweepThatLosesItsJobsResumesHere() throws IOException {
    SweepResult here = sweep("here", ASHA).build().run(SweepListener.NONE);
    IllegalStateException lost = new IllegalStateException("cluster is gone");
    TrialJobs breaking =
        job -> {
          if (done.size() == 3) {
            throw lost;
          }
          return run(job);
        };
    GraphSweep away = sweep("away", ASHA).jobs(breaking).build();
    assertSame(lost, assertThrows(RuntimeException.class, () -> away.run(SweepListener.NONE)));
    SweepResult resumed = sweep("away", ASHA).resume(true).build().run(SweepListener.NONE);
    assertEquals(table(here), table(resumed));
    assertArrayEquals(model("here"), model("away"));
  }

  @Test
  void jobsAreNotSharedByOtherRanks() {
    InProcessCollective.group(2, Duration.ofMinutes(1))
        .forEach(
            rank -> {
              try (rank) {
                SweepBuilder both = sweep("both", ASHA).jobs(this::run).collective(rank);
                assertEquals(
                    "jobs have ranks of their own: ranks=2",
                    assertThrows(BadInputException.class, both::build).getMessage());
              }
            });
    assertTrue(done.isEmpty());
  }
}
