package io.millrace.training.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.models.GraphSage;
import io.millrace.transfer.DeviceChoice;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Training on a real GPU, beside the same on the CPU; skips where there is none. */
class GpuTrainingTest {
  private static final GraphSage SAGE = GraphSage.of(16, 2);

  private final OpenResources open = new OpenResources();

  @AfterEach
  void nothingStaysOpen() {
    open.close();
  }

  /** The GPU of this machine, batches copied ahead. */
  private static TorchDevice.Gpu gpuOrAbort() {
    TorchDevice found = TorchDevice.of(DeviceChoice.AUTO);
    return found instanceof TorchDevice.Cpu(String reason)
        ? abort("no GPU: " + reason)
        : assertInstanceOf(TorchDevice.Gpu.class, found, found.description());
  }

  private static List<TorchDevice> bothWays() {
    return List.of(gpuOrAbort(), new TorchDevice.CopyingGpu("a test compares", Device.gpu()));
  }

  private static TrainerBuilder builder(GraphDataset data, TorchDevice device) {
    return GraphTrainer.builder(data)
        .fanout(5, 5)
        .batchSize(16)
        .learningRate(0.01)
        .seed(3)
        .device(device);
  }

  /** Without dropout, which draws from another generator there, only rounding differs. */
  @Test
  void learnsWhatItLearnsOnTheCpu() {
    for (TorchDevice gpu : bothWays()) {
      for (FeatureType type : FeatureType.values()) {
        try (GraphDataset data = Planted.builder(type).build()) {
          double[] onCpu = losses(data, new TorchDevice.Cpu("it is compared with"));
          double[] onGpu = losses(data, gpu);
          assertArrayEquals(onCpu, onGpu, 1e-3, type + ", " + gpu.description());
        }
      }
    }
  }

  private static double[] losses(GraphDataset data, TorchDevice device) {
    double[] losses = new double[3];
    try (GraphTrainer trainer = builder(data, device).model(SAGE.dropout(0)).build()) {
      for (int epoch = 0; epoch < losses.length; epoch++) {
        losses[epoch] = trainer.epoch().training().loss();
      }
    }
    return losses;
  }

  @Test
  void reachesTheAccuracyThatItReachesOnTheCpu() {
    TorchDevice gpu = gpuOrAbort();
    try (GraphDataset data = Planted.dataset();
        GraphTrainer there = builder(data, gpu).model(SAGE).build();
        GraphTrainer here =
            builder(data, new TorchDevice.Cpu("it is compared with")).model(SAGE).build()) {
      FitResult onGpu = there.fit(10, TrainingListener.NONE);
      FitResult onCpu = here.fit(10, TrainingListener.NONE);
      assertEquals(onCpu.test().accuracy(), onGpu.test().accuracy(), 0.03);
      assertEquals(onCpu.batchesDigest(), onGpu.batchesDigest());
    }
  }

  @Test
  void libtorchSeesWhatCudaCopied() {
    TorchDevice.Gpu gpu = gpuOrAbort();
    for (int i = 0; i < 100; i++) {
      assertTrue(SharedContextCheck.whyNot(gpu.cuda(), gpu.device()).isEmpty());
    }
  }

  @Test
  void givesTheGpuItsMemoryBack() {
    TorchDevice.Gpu gpu = gpuOrAbort();
    try (GraphDataset data = Planted.dataset()) {
      losses(data, gpu); // libtorch keeps what it has allocated once
      long before = gpu.cuda().memGetInfo().freeBytes();
      for (int i = 0; i < 20; i++) {
        losses(data, gpu);
      }
      assertTrue(gpu.cuda().memGetInfo().freeBytes() >= before - (8 << 20), "GPU memory is left");
    }
  }

  /** The words that the command looks for to say it in one line. */
  @Test
  void libtorchSaysHowMuchMemoryItLacks() {
    TorchDevice.Gpu gpu = gpuOrAbort();
    try (NDManager manager = TorchEngine.newManager(gpu.device())) {
      EngineException thrown =
          Assertions.assertThrows(
              EngineException.class,
              () -> {
                try (NDArray large = manager.zeros(new Shape(1L << 42), DataType.FLOAT32)) {
                  large.getFloat(0);
                }
              });
      assertTrue(
          thrown.getMessage().matches("(?s).*CUDA out of memory\\. Tried to allocate .* is free.*"),
          thrown.getMessage());
    }
  }
}
