package io.millrace.training.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import io.millrace.cuda.HostMemoryCuda;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.models.GraphSage;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.PipelineSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a trainer holds does not grow with the epochs that it trains. */
@Tag("exhaustive")
class ThousandEpochsTest {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** Until the compiler is done with most of it, and the heap has its size. */
  private static final int WARM_UP = 500;

  private static final int NUM_EPOCHS = 1000;

  private static final int WORKERS = 2;

  /** One array of a layer left behind at each batch would be over 100 MB. */
  private static final long MAX_GROWTH_BYTES = 32 << 20;

  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  /** What is held between two epochs. */
  private record Held(int arrays, long slotGrowths) {}

  @Test
  void slotsArraysThreadsAndResidentMemoryStayFlat() {
    assumeTrue(Files.exists(STATUS), "no " + STATUS);
    try (GraphTrainer trainer = builder().build()) {
      train(trainer, WARM_UP);
      Held before = held(trainer);
      long residentBefore = residentBytes(trainer);
      train(trainer, NUM_EPOCHS);

      assertEquals(before, held(trainer));
      long growth = residentBytes(trainer) - residentBefore;
      assertTrue(growth < MAX_GROWTH_BYTES, "resident memory grew by " + growth);
    }
  }

  @Test
  void whatIsOnAGpuStaysTheSameToo() {
    RecordingCuda cuda = new RecordingCuda(Schedule.EAGER, 1);
    TorchDevice gpu = new TorchDevice.Gpu(new HostMemoryCuda(cuda), Device.cpu());
    try (GraphTrainer trainer = builder().device(gpu).build()) {
      train(trainer, 20);
      List<String> before = cuda.left();
      Held held = held(trainer);
      train(trainer, 100);
      assertEquals(before, cuda.left());
      assertEquals(held, held(trainer));
    }
    cuda.assertClean();
  }

  private TrainerBuilder builder() {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(8, 2))
        .batchSize(100)
        .pipeline(PipelineSettings.defaults().workers(WORKERS));
  }

  private static void train(GraphTrainer trainer, int numEpochs) {
    for (int epoch = 0; epoch < numEpochs; epoch++) {
      trainer.epoch();
      if (epoch % 20 == 0) {
        trainer.evaluate(Split.VALID);
      }
    }
  }

  private static Held held(GraphTrainer trainer) {
    long growths = trainer.epoch().stats().slotGrowths();
    int threads = OpenResources.workers().size();
    // One of the epoch before may not be idle yet when the next begins; it ends a minute later.
    assertTrue(threads <= 2 * WORKERS, "threads " + threads);
    return new Held(OpenResources.count(), growths);
  }

  /** The least of a few looks, for a compiler at work takes some 40 MB for its own, and more. */
  private static long residentBytes(GraphTrainer trainer) {
    long least = Long.MAX_VALUE;
    for (int look = 0; look < 5; look++) {
      train(trainer, 20);
      System.gc();
      least = Math.min(least, statusBytes("VmRSS:"));
    }
    return least;
  }

  private static long statusBytes(String name) {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
