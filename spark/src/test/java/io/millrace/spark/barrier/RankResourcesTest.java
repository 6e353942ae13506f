package io.millrace.spark.barrier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.spark.cluster.EventLog;
import io.millrace.spark.cluster.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rank asks of the scheduler, and what it gets on a cluster with GPUs that do not exist. */
class RankResourcesTest {
  private static final String WAIT = "spark.scheduler.maxRegisteredResourcesWaitingTime";

  @TempDir private Path folder;

  private static TrainingPlan plan(int computeThreads, boolean useGpu) {
    return plan(2, computeThreads, useGpu);
  }

  private static TrainingPlan plan(int numWorkers, int computeThreads, boolean useGpu) {
    return new TrainingPlan(
        numWorkers,
        "none",
        "sage",
        16,
        new int[] {5, 3},
        new int[0],
        100,
        numWorkers,
        1,
        .01,
        0,
        0,
        1,
        computeThreads,
        null,
        0,
        useGpu);
  }

  private static SparkConf conf(String... settings) {
    SparkConf conf = new SparkConf(false);
    for (int i = 0; i < settings.length; i += 2) {
      conf.set(settings[i], settings[i + 1]);
    }
    return conf;
  }

  private static String asked(SparkConf conf, TrainingPlan plan) {
    Optional<TaskResourceRequests> requests = RankResources.requests(conf, plan);
    return requests
        .map(
            it -> new TreeSet<>(it.requestsJMap().values().stream().map(Object::toString).toList()))
        .map(Object::toString)
        .orElse("as all tasks");
  }

  @Test
  void aRankOnAGpuTakesAllCoresOfItsExecutorIfThatHasOneGpu() {
    String cores = "spark.executor.cores";
    String gpus = "spark.executor.resource.gpu.amount";
    String whole = "[name: cpus, amount: 4.0, name: gpu, amount: 1.0]";
    assertEquals(whole, asked(conf(cores, "4", gpus, "1"), plan(1, true)));
    String share = "spark.task.resource.gpu.amount";
    assertEquals(whole, asked(conf(cores, "4", gpus, "1", share, "0.25"), plan(1, true)));
    String all = "as all tasks";
    assertEquals(all, asked(conf(cores, "4", gpus, "1", share, "1"), plan(1, true)));
    assertEquals(all, asked(conf(cores, "4", gpus, "2"), plan(1, true)));
    assertEquals(all, asked(conf(gpus, "1"), plan(1, true)));
    assertEquals(all, asked(conf(cores, "4", gpus, "1"), plan(1, false)));
  }

  @Test
  void aRankOnCpusTakesACoreForEachThread() {
    String cores = "spark.executor.cores";
    assertEquals("[name: cpus, amount: 3.0]", asked(conf(cores, "4"), plan(3, false)));
    String cpus = "spark.task.cpus";
    assertEquals("as all tasks", asked(conf(cores, "4", cpus, "3"), plan(3, false)));
    assertEquals("as all tasks", asked(conf(cores, "4"), plan(5, false)));
    assertEquals("as all tasks", asked(conf(), plan(3, false)));
  }

  @Test
  @Tag("exhaustive")
  void aRankGetsTheGpuThatItsExecutorsDiscoveryScriptNames() throws IOException {
    Map<String, String> settings =
        Map.of(
            "spark.executor.cores",
            "2",
            "spark.cores.max",
            "4",
            "spark.executor.resource.gpu.amount",
            "1");
    try (StandaloneCluster cluster =
        StandaloneCluster.start(folder.resolve("cluster"), List.of("3", "5"))) {
      SparkSession session = cluster.session(settings);
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
      try {
        ResourceProfile profile =
            RankResources.profile(session.sparkContext(), plan(1, true)).orElseThrow();
        List<String> tasks =
            spark
                .parallelize(List.of(0, 1), 2)
                .withResources(profile)
                .map(_ -> RankResources.gpu(TaskContext.get()) + " " + TaskContext.get().cpus())
                .collect();
        assertEquals(List.of("3 2", "5 2"), tasks.stream().sorted().toList());
        session.sparkContext().conf().set(WAIT, "1s"); // all executors are there
        TrainingPlan three = plan(3, 1, true);
        assertEquals(
            "each worker needs a slot of the cluster: numWorkers=3, slots=2, cores of a slot=2",
            assertThrows(
                    BadInputException.class,
                    () -> TrainingStage.run(spark, three, NodeRoles.OF_DATASET))
                .getMessage());
      } finally {
        session.stop();
      }
      EventLog log = cluster.eventLog(spark.sc().applicationId());
      int stage = log.stagesWithProfile().iterator().next();
      assertEquals(2, log.executors(stage).size());
    }
  }

  @Test
  void anAddressThatIsNoNumberIsRefused() {
    assertTrue(
        assertThrows(BadInputException.class, () -> RankResources.number("GPU-8f6b"))
            .getMessage()
            .endsWith("address=GPU-8f6b"));
  }
}
