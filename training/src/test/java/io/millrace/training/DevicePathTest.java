package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import io.millrace.BadInputException;
import io.millrace.cuda.HostMemoryCuda;
import io.millrace.cuda.RecordingCuda;
import io.millrace.cuda.Schedule;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.Norm;
import io.millrace.training.torch.TorchDevice;
import io.millrace.transfer.PipelineSettings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Training the way it goes with a GPU: batches are copied ahead and used where they lie, results
 * are read late. The GPU's memory is the host's, and libtorch computes on the CPU.
 */
class DevicePathTest {
  private static final Map<FeatureType, List<Object>> ON_CPU = new EnumMap<>(FeatureType.class);

  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  private static List<Object> onCpu(FeatureType type) {
    return ON_CPU.computeIfAbsent(
        type,
        _ -> {
          try (GraphDataset data = Planted.builder(type).build()) {
            return run(data, new TorchDevice.Cpu("it is compared with"));
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void learnsTheSameBitForBitAsOnTheCpu(Schedule schedule) {
    for (FeatureType type : FeatureType.values()) {
      try (GraphDataset data = Planted.builder(type).build()) {
        RecordingCuda cuda = new RecordingCuda(schedule, 1);
        TorchDevice gpu = new TorchDevice.Gpu(new HostMemoryCuda(cuda), Device.cpu());

        assertEquals(onCpu(type), run(data, gpu), type.toString());
        cuda.assertClean();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchesThatAreCopiedInTheirTurnAreTheSame(FeatureType type) {
    TorchDevice copying = new TorchDevice.CopyingGpu("of a test", Device.cpu());
    try (GraphDataset data = Planted.builder(type).build()) {
      assertEquals(onCpu(type), run(data, copying));
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneDeviceSlotIsEnough(Schedule schedule) {
    RecordingCuda cuda = new RecordingCuda(schedule, 1);
    TorchDevice gpu = new TorchDevice.Gpu(new HostMemoryCuda(cuda), Device.cpu());
    try (GraphDataset data = Planted.dataset()) {
      assertEquals(
          onCpu(FeatureType.FLOAT32),
          run(
              builder(data, gpu).pipeline(PipelineSettings.defaults().workers(2).deviceSlots(1)),
              gpu));
    }
    cuda.assertClean();
  }

  private static List<Object> run(GraphDataset data, TorchDevice device) {
    return run(builder(data, device), device);
  }

  private static List<Object> run(TrainerBuilder builder, TorchDevice device) {
    List<Object> seen = new ArrayList<>();
    try (GraphTrainer trainer = builder.build()) {
      assertEquals(device, trainer.device());
      for (int epoch = 0; epoch < 2; epoch++) {
        EpochReport report = trainer.epoch();
        seen.add(report.training());
        seen.add(report.stats().batchesDigest());
        seen.add(trainer.evaluate(Split.VALID));
      }
    }
    return seen;
  }

  /** 400 training nodes make 20 batches: more than the results that are read together. */
  private static TrainerBuilder builder(GraphDataset data, TorchDevice device) {
    return GraphTrainer.builder(data)
        .model(GraphSage.of(8, 2))
        .fanout(5, 5)
        .batchSize(20)
        .pipeline(PipelineSettings.defaults().workers(2).deviceSlots(2))
        .seed(3)
        .computeThreads(1)
        .device(device);
  }

  @Test
  void neverWaitsForTheGpuOnTheWay() {
    RecordingCuda cuda = new RecordingCuda(Schedule.LAZY, 1);
    try (GraphDataset data = Planted.dataset();
        GraphTrainer trainer =
            builder(data, new TorchDevice.Gpu(new HostMemoryCuda(cuda), Device.cpu())).build()) {
      trainer.epoch(); // the slots reach their size
      int before = cuda.numSynchronizations();
      trainer.epoch();
      int waits = cuda.numSynchronizations() - before;
      assertTrue(waits <= 2, "when the epoch ends, and its statistics are measured: " + waits);
    }
    cuda.assertClean();
  }

  @Test
  void aLossThatIsNotFiniteNamesItsBatchThoughItIsToldLater() {
    RecordingCuda cuda = new RecordingCuda(Schedule.EAGER, 1);
    TorchDevice gpu = new TorchDevice.Gpu(new HostMemoryCuda(cuda), Device.cpu());
    String onCpu = failure(new TorchDevice.Cpu("it is compared with"));

    assertTrue(onCpu.startsWith("loss is not finite"), onCpu);
    assertEquals(onCpu, failure(gpu));
    cuda.assertClean();
  }

  private static String failure(TorchDevice device) {
    try (GraphDataset data = Planted.dataset();
        GraphTrainer trainer =
            builder(data, device)
                .model(GraphSage.of(8, 2).norm(Norm.NONE))
                .learningRate(1e30)
                .build()) {
      return assertThrows(BadInputException.class, trainer::epoch).getMessage();
    }
  }
}
