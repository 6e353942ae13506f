package io.millrace.training.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import io.millrace.cuda.Cuda;
import io.millrace.cuda.ForwardingCuda;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.chunks.ChunkPlan;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.PipelineSettings;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceSettingsTest {
  private static final TorchDevice CPU = new TorchDevice.Cpu("a test");
  private static final int NUM_NODES = 30_000;
  private static final GraphModel SAGE = GraphSage.of(4, 2);

  @TempDir private Path folder;

  private int numSlots(TorchDevice device, InferenceMode mode, int numWorkers, long memoryBytes) {
    ModelFile file = TestInference.model(folder, SAGE, TestInference.IN, TestInference.CLASSES, 1);
    try (GraphDataset data = TestInference.dataset(TestInference.graphWithHub(1, NUM_NODES))) {
      InferenceSettings settings =
          GraphInference.builder(data, file)
              .device(device)
              .mode(mode)
              .pipeline(PipelineSettings.defaults().workers(numWorkers))
              .memory(memoryBytes)
              .settings();
      try (InferenceSetup setup = InferenceSetup.of(settings)) {
        InferencePass pass = setup.passes(folder).getFirst();
        try (BatchPipeline pipeline = setup.newPipeline(data, pass, plan(pass, data))) {
          return pipeline.numSlots();
        }
      }
    }
  }

  private static ChunkPlan plan(InferencePass pass, GraphDataset data) {
    return pass.plan(data, pass.files().ranges().all().boxed().toList());
  }

  @Test
  void fewNodesTakeSmallSlotsThatHoldTheirBatches() {
    ModelFile file = TestInference.model(folder, SAGE, TestInference.IN, TestInference.CLASSES, 1);
    try (GraphDataset data = TestInference.dataset(TestInference.graphWithHub(1, NUM_NODES))) {
      InferenceBuilder builder = GraphInference.builder(data, file).device(CPU).nodes(7, 3);
      try (InferenceSetup setup = InferenceSetup.of(builder.settings())) {
        for (InferencePass pass : setup.passes(folder)) {
          long bytes = pass.slotBytes(plan(pass, data));
          assertTrue(bytes < 1 << 20, pass.name() + " has slots of " + bytes + " bytes");
        }
      }
      try (GraphInference inference = builder.build()) {
        Path out = folder.resolve("out");
        InferenceReport report =
            inference.run(out, OutputOptions.PREDICTIONS, InferenceListener.NONE);
        report.passes().forEach(pass -> assertEquals(0, pass.slotGrowths(), pass.name()));
      }
    }
  }

  /** Ten of 16 chunks are mapped pages, 5 are slots, and one is left for the model's arrays. */
  @Test
  @Tag("exhaustive")
  void chunksInMemoryFitItHoweverManyWorkersThereAre() {
    InferenceMode layerwise = InferenceMode.layerwise();
    for (long memoryBytes : new long[] {1 << 20, 1 << 24, 1 << 28}) {
      assertEquals(3, numSlots(CPU, layerwise, 1, memoryBytes));
      assertEquals(5, numSlots(CPU, layerwise, 3, memoryBytes));
      assertEquals(5, numSlots(CPU, layerwise, 9, memoryBytes));
    }
    assertEquals(11, numSlots(CPU, InferenceMode.sampled(Fanout.of(2, 2)), 9, 1 << 20));
  }

  /** A slot that grows takes a quarter more than it needs. */
  @Test
  void pageLockedSlotsAreFewerAndBeginSmall() {
    RecordingCuda cuda = new RecordingCuda(Schedule.EAGER, 1);
    List<Long> allocated = new ArrayList<>();
    Cuda watched =
        new ForwardingCuda(cuda) {
          @Override
          public MemorySegment hostAlloc(long bytes) {
            allocated.add(bytes);
            return super.hostAlloc(bytes);
          }
        };
    TorchDevice gpu = new TorchDevice.Gpu(watched, Device.cpu());
    assertEquals(4, numSlots(gpu, InferenceMode.layerwise(), 9, 1 << 20));
    assertEquals(4, numSlots(gpu, InferenceMode.layerwise(), 9, 1 << 28));
    assertEquals(
        List.of(1L << 16, 1L << 16, 1L << 16, 1L << 16, 1L << 22, 1L << 22, 1L << 22, 1L << 22),
        allocated);
    cuda.assertClean();
  }
}
