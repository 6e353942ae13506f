package io.millrace.tuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.training.GraphTrainer;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.models.GraphSage;
import io.millrace.transfer.PipelineSettings;
import io.millrace.transfer.trace.Stage;
import io.millrace.tuning.model.PipelineModel;
import io.millrace.tuning.model.Resources;
import io.millrace.tuning.model.Setting;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real trainings, slowed in one place: what the model predicts, and what the verdict names. */
@Tag("exhaustive")
@Timeout(300)
class SlowedTrainingTest {
  private static final String INJECTED = "millrace.inject";
  private static final int NUM_NODES = 2_000;
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  @AfterEach
  void endIt() {
    System.clearProperty(INJECTED);
  }

  private static TracedRun run(GraphDataset data, Setting setting, int batches, String injected) {
    System.setProperty(INJECTED, injected);
    TrainerBuilder builder =
        GraphTrainer.builder(data)
            .model(GraphSage.of(2, 2))
            .fanout(3, 3)
            .batchSize(32)
            .pipeline(PipelineSettings.defaults().workers(setting.workers()).slots(setting.slots()))
            .computeThreads(setting.computeThreads());
    return TracedRun.of(builder, batches);
  }

  /** A token bucket in front of the rows; some 10 batches/s at each rate. */
  @ParameterizedTest
  @ValueSource(ints = {20, 50, 100, 200})
  void theBoundOfADiskIsPredictedAndNamed(int megabytesPerSecond) {
    double rate = megabytesPerSecond * 1e6;
    Setting setting = new Setting(3, 1, 4);
    try (GraphDataset data = RandomGraph.of(NUM_NODES, megabytesPerSecond * 60)) {
      StageCosts inMemory = run(data, setting, 20, "").costs();
      Resources resources = Resources.ofCores(64).diskBytesPerSecond(rate);
      PipelineModel model = new PipelineModel(inMemory.observed(1), resources);
      assertEquals("disk", model.binding(setting).resource());
      double predicted = model.batchesPerSecond(setting);
      TracedRun slowed = run(data, setting, 120, "slice:rate:" + megabytesPerSecond + "m");
      assertEquals(1, slowed.batchesPerSecond() / predicted, .05);
      Verdict verdict = Verdict.of(slowed.metrics(), Stage.COMPUTE, resources);
      assertEquals(Optional.of("disk"), verdict.limit(), verdict.text());
      assertEquals(Optional.empty(), verdict.lever());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sample", "slice"})
  void theStageThatIsSlowedIsNamed(String stage) {
    try (GraphDataset data = RandomGraph.of(NUM_NODES, 8)) {
      TracedRun run = run(data, new Setting(1, 1, 4), 40, stage + ":idle:40ms");
      Verdict verdict = Verdict.of(run.metrics(), Stage.COMPUTE);
      assertEquals(Verdict.Kind.HIGHLY_INPUT_BOUND, verdict.kind());
      assertEquals(Optional.of(stage.equals("sample") ? "sampling" : "slicing"), verdict.limit());
      assertEquals(Optional.of("2 workers instead of 1"), verdict.lever());
    }
  }

  /**
   * More workers than cores help those that wait, and those that compute less: these gain something
   * only where other processes share the cores.
   */
  @Test
  void workersBeyondTheCoresHelpOnlyPreparationThatWaits() {
    try (GraphDataset data = RandomGraph.of(NUM_NODES, 8)) {
      double waiting = gainOfWorkers(data, "sample:idle:250ms");
      assertTrue(waiting > 1.5, "gain " + waiting);
      double computing = gainOfWorkers(data, "sample:busy:100ms");
      assertTrue(computing < waiting, "gain " + computing + " and " + waiting);
    }
  }

  private static double gainOfWorkers(GraphDataset data, String injected) {
    TracedRun few = run(data, new Setting(CORES, 1, 2 * CORES), 30, injected);
    TracedRun many = run(data, new Setting(3 * CORES, 1, 4 * CORES), 30, injected);
    return many.batchesPerSecond() / few.batchesPerSecond();
  }

  /** Both take as long; the trace knows which of them needs a core. */
  @Test
  void theCostsTellWaitingFromComputing() {
    try (GraphDataset data = RandomGraph.of(NUM_NODES, 8)) {
      StageCosts idle = run(data, new Setting(1, 1, 1), 20, "sample:idle:40ms").costs();
      assertTrue(idle.prepare() > .04 && idle.prepareCpu() < .02, idle.prepareCpu() + " s");
      StageCosts busy = run(data, new Setting(1, 1, 1), 20, "sample:busy:40ms").costs();
      assertTrue(busy.prepareCpu() > .039, busy.prepareCpu() + " s");
    }
  }
}
