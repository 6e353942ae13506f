package io.millrace.training.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.models.GraphSage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A long training needs no more memory than a short one. */
@Tag("exhaustive")
class MemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int STEPS_PER_EPOCH = 50; // 400 seeds, 8 a batch, 2 virtual nodes each
  private static final long ALLOWED_KB = 32 << 10;

  /** Were only a layer's output kept, a thousand steps would keep some 400 MB. */
  @Test
  void aThousandStepsAreFlat() throws IOException {
    assumeTrue(Files.exists(STATUS), "no " + STATUS + " here");
    try (OpenResources _ = new OpenResources();
        GraphDataset data = Planted.dataset();
        GraphTrainer trainer =
            GraphTrainer.builder(data)
                .model(GraphSage.of(512, 2))
                .fanout(5, 5)
                .batchSize(8)
                .virtualNodes(2)
                .computeThreads(1)
                .build()) {
      List<Long> resident = new ArrayList<>();
      for (int epoch = 0; epoch < 1500 / STEPS_PER_EPOCH; epoch++) {
        int before = OpenResources.count();
        trainer.epoch();
        assertEquals(before, OpenResources.count(), "arrays left by epoch " + epoch);
        System.gc();
        resident.add(residentKb());
      }
      long early = resident.get(500 / STEPS_PER_EPOCH);
      long late = resident.getLast();
      assertTrue(late - early < ALLOWED_KB, "resident kB after each epoch: " + resident);
    }
  }

  private static long residentKb() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
