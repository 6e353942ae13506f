package io.millrace.training.torch;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.cuda.Cuda;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.DeviceBatch;
import io.millrace.transfer.EpochBatches;
import java.util.Arrays;
import java.util.Optional;

/**
 * Tests whether libtorch sees what CUDA copied: both must use one context of the same GPU, and
 * libtorch must accept an address that CUDA allocated. The test sends one small batch the way that
 * all batches go, and compares what arrived.
 */
final class SharedContextCheck {
  private static final int NUM_NODES = 1000;

  private SharedContextCheck() {}

  /**
   * The reason why batches cannot be used where CUDA copied them, in one line; empty if they can.
   */
  static Optional<String> whyNot(Cuda cuda, Device device) {
    float[] sent = new float[NUM_NODES];
    int[] seeds = new int[NUM_NODES];
    for (int v = 0; v < NUM_NODES; v++) {
      sent[v] = v + 0.5f;
      seeds[v] = v;
    }
    EpochPlan.Epoch epoch = EpochPlan.inOrder(seeds, NUM_NODES, 0).epoch(0);
    try (GraphDataset data =
            GraphDataset.builder("check", CsrGraph.of(new long[NUM_NODES + 1], new int[0]))
                .features(FeatureMatrix.of(1, sent))
                .labels(NodeLabels.of(1, new int[NUM_NODES]))
                .build();
        BatchPipeline pipeline =
            BatchPipeline.builder(data, Fanout.of(1)).workers(1).slotBytes(1).device(cuda).build();
        EpochBatches batches = pipeline.start(epoch);
        DeviceBatch batch = batches.next();
        NDManager manager = TorchEngine.newManager(device)) {
      Shape shape = new Shape(NUM_NODES, 1);
      float[] seen =
          LibTorch.tensor(manager, device, batch.features(), DataType.FLOAT32, shape)
              .toFloatArray();
      return Arrays.equals(sent, seen)
          ? Optional.empty()
          : Optional.of("libtorch sees other values than CUDA copied");
    } catch (RuntimeException e) { // from CUDA or from libtorch: each is a reason
      return Optional.of(String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString()));
    }
  }
}
