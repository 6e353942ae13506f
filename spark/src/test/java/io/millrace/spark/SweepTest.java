package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.spark.barrier.TrialPlan;
import io.millrace.spark.barrier.TrialStages;
import io.millrace.sweeps.GraphSweep;
import io.millrace.sweeps.JobResult;
import io.millrace.sweeps.ScheduleOptions;
import io.millrace.sweeps.SchedulerKind;
import io.millrace.sweeps.SweepBuilder;
import io.millrace.sweeps.SweepListener;
import io.millrace.sweeps.SweepResult;
import io.millrace.sweeps.TrialJobs;
import io.millrace.sweeps.space.SearchSpace;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.DeviceChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Sweeps on Spark, in this process, against sweeps without it. */
@Tag("exhaustive")
class SweepTest {
  @TempDir private static Path folder;
  private static SparkSession spark;
  private static PlantedGraph planted;
  private static Path space;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.session("local[4]");
    planted = PlantedGraph.in(folder.resolve("planted"));
    space =
        Files.writeString(
            folder.resolve("space.yaml"),
            """
            lr: {log: [1e-3, 1e-1]}
            hidden: [8, 16]
            dropout: [0.2, 0.5]
            fanout: [[5, 3]]
            batch-size: 200
            """);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static List<String> run(Path out, String... options) {
    List<String> args =
        new ArrayList<>(
            List.of(
                planted.directory().toString(),
                "--space=" + space,
                "--out=" + out,
                "--trials=5",
                "--max-epochs=4",
                "--eta=2",
                "--interval=2",
                "--ranks=2",
                "--seed=7"));
    args.addAll(List.of(options));
    Sweep sweep = new Sweep();
    new CommandLine(sweep)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOverwrittenOptionsAllowed(true)
        .parseArgs(args.toArray(String[]::new));
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    sweep.run(spark, lines::add);
    return lines;
  }

  private static TrialPlan plan() {
    MillraceClassifier common =
        new MillraceClassifier()
            .setDataset(planted.directory().toString())
            .setNumWorkers(2)
            .setComputeThreads(1);
    return new TrialPlan(Settings.of(common, spark).trainingPlan());
  }

  /** The same from code. */
  private static SweepBuilder sweep(Path out, GraphDataset data, SchedulerKind scheduler) {
    TrialPlan plan = plan();
    return GraphSweep.builder(trial -> plan.trainer(trial, data, TorchDevice.of(DeviceChoice.CPU)))
        .space(SearchSpace.read(space))
        .saveTo(out)
        .trials(5)
        .seed(7)
        .schedule(new ScheduleOptions(scheduler, 4, 1, 2, true, 2))
        .changing(Set.of("lr", "dropout"))
        .about(data.name() + " " + data.fingerprint() + " --virtual-nodes=2");
  }

  private static SweepResult alone(Path out, SchedulerKind scheduler) {
    try (GraphDataset data = GraphDataset.open(planted.directory())) {
      return sweep(out, data, scheduler).build().run(SweepListener.NONE);
    }
  }

  /** The log without times and without what names the sweep. */
  private static String decisions(Path sweep) throws IOException {
    return Files.readAllLines(sweep.resolve("trials.jsonl")).stream()
        .skip(1)
        .map(line -> line.replaceAll("\"seconds\":[^,}]*", ""))
        .collect(Collectors.joining("\n"));
  }

  private static void assertSameAsAlone(SchedulerKind scheduler, String... options)
      throws IOException {
    Path away = folder.resolve("spark-" + scheduler);
    Path here = folder.resolve("alone-" + scheduler);
    List<String> all =
        new ArrayList<>(List.of("--scheduler=" + scheduler.name().toLowerCase(Locale.ROOT)));
    all.addAll(List.of(options));
    List<String> lines = run(away, all.toArray(String[]::new));
    SweepResult alone = alone(here, scheduler);
    assertEquals(decisions(here), decisions(away));
    for (String trial : List.of(".", "trial-000", "trial-003")) {
      String model = trial + "/model.safetensors";
      assertArrayEquals(
          Files.readAllBytes(here.resolve(model)), Files.readAllBytes(away.resolve(model)), model);
    }
    assertEquals(7, lines.size(), lines.toString());
    assertTrue(
        lines.get(5).startsWith("best: trial " + alone.best().trial().number() + ","),
        lines.toString());
  }

  @Test
  void decisionsAndModelsAreThoseOfOneProcess() throws IOException {
    assertSameAsAlone(SchedulerKind.ASHA);
  }

  @Test
  void copiesOfPopulationBasedTrainingAreThoseOfOneProcess() throws IOException {
    assertSameAsAlone(SchedulerKind.PBT);
  }

  @Test
  void jobsInParallelTrainTheSame() throws IOException {
    List<String> one = run(folder.resolve("one"), "--scheduler=random", "--max-epochs=2");
    List<String> two =
        run(folder.resolve("two"), "--scheduler=random", "--max-epochs=2", "--parallel=2");
    assertEquals(one.subList(0, 6), two.subList(0, 6));
  }

  @Test
  void aSweepThatLostItsDriverResumes() throws IOException {
    Path whole = folder.resolve("whole");
    List<String> lines = run(whole);
    Path cut = folder.resolve("cut");
    TrialJobs stages =
        new TrialStages(JavaSparkContext.fromSparkContext(spark.sparkContext()), plan());
    AtomicInteger left = new AtomicInteger(3);
    TrialJobs ending =
        job -> {
          JobResult result = stages.run(job); // its checkpoint is there, but the log lacks it
          if (left.decrementAndGet() == 0) {
            throw new IllegalStateException("the driver was killed");
          }
          return result;
        };
    try (GraphDataset data = GraphDataset.open(planted.directory())) {
      GraphSweep killed = sweep(cut, data, SchedulerKind.ASHA).jobs(ending).build();
      assertThrows(IllegalStateException.class, () -> killed.run(SweepListener.NONE));
    }
    assertEquals(lines.subList(0, 6), run(cut, "--resume").subList(0, 6));
    assertEquals(decisions(whole), decisions(cut));
  }

  @Test
  void refusesWhatCannotWorkInOneLine() throws IOException {
    Path other = Files.writeString(folder.resolve("other.yaml"), "lr: [0.1]\nmomentum: [0.9]\n");
    String line =
        assertThrows(BadInputException.class, () -> run(folder.resolve("no"), "--space=" + other))
            .getMessage();
    assertTrue(line.startsWith("a sweep on Spark tries one of [batch-size, dropout"), line);
    assertTrue(line.endsWith("line=2, name=momentum"), line);
    assertEquals(
        "each worker needs a slot of the cluster: numWorkers=5, slots=4, cores of a slot=1",
        assertThrows(BadInputException.class, () -> run(folder.resolve("no"), "--ranks=5"))
            .getMessage());
  }
}
