package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.transfer.BatchPipeline;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceSettingsTest {
  private static final GraphModel SAGE = GraphSage.of(4, 2);

  @TempDir private Path folder;

  private int numSlots(InferenceMode mode, int numWorkers, long memoryBytes) {
    ModelFile file = TestInference.model(folder, SAGE, TestInference.IN, TestInference.CLASSES, 1);
    try (GraphDataset data = TestInference.dataset(TestInference.graphWithHub(1, 50));
        Network network = new Network(SAGE, TestInference.IN, TestInference.CLASSES, 1)) {
      InferenceSettings settings =
          GraphInference.builder(data, file)
              .mode(mode)
              .workers(numWorkers)
              .memory(memoryBytes)
              .settings();
      InferencePass pass = Passes.of(settings, network, folder).getFirst();
      try (BatchPipeline pipeline = settings.newPipeline(data, pass)) {
        return pipeline.numSlots();
      }
    }
  }

  /** Of 16 blocks 10 are mapped pages, 5 slots, and one is left for the model's arrays. */
  @Test
  void blocksInMemoryFitItHoweverManyWorkersThereAre() {
    InferenceMode layerwise = InferenceMode.layerwise();
    for (long memoryBytes : new long[] {1 << 20, 1 << 24, 1 << 28}) {
      assertEquals(3, numSlots(layerwise, 1, memoryBytes));
      assertEquals(5, numSlots(layerwise, 3, memoryBytes));
      assertEquals(5, numSlots(layerwise, 9, memoryBytes));
    }
    assertEquals(11, numSlots(InferenceMode.sampled(Fanout.of(2, 2)), 9, 1 << 20));
  }
}
