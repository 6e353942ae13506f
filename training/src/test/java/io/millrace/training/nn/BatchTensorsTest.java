package io.millrace.training.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.ParameterStore;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.models.Gcn;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.torch.TorchEngine;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.BatchStream;
import io.millrace.transfer.DeviceBatch;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchTensorsTest {
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  @Test
  void theListGivesABlockOfDjlWhatTheNetworkIsGiven() {
    for (GraphModel model : List.of(GraphSage.of(8, 2), Gcn.of(8, 2), Mlp.of(8, 2))) {
      EpochPlan.Epoch plan = EpochPlan.of(data.nodes(Split.TRAIN), 150, 3).epoch(0);
      try (NDManager manager = TorchEngine.newManager();
          BatchPipeline pipeline =
              BatchPipeline.builder(data, Fanout.uniform(4, model.numHops()))
                  .degrees(model.usesDegrees())
                  .build();
          BatchStream batches = pipeline.start(plan)) {
        GraphBlock block = model.newBlock(data.features().dim(), data.labels().numClasses());
        block.initialize(manager, DataType.FLOAT32);
        ParameterStore store = new ParameterStore(manager, false);
        while (batches.hasNext()) {
          try (DeviceBatch batch = batches.next();
              NDManager step = manager.newSubManager()) {
            BatchTensors tensors = BatchTensors.of(step, batch, data.labels());
            NDList inputs = tensors.inputs();
            assertEquals(1 + 2 * model.numHops() + (model.usesDegrees() ? 1 : 0), inputs.size());
            ForwardPass pass = ForwardPass.prediction(store);
            float[] expected =
                block.logits(tensors.features(), tensors.edges(), pass).toFloatArray();
            assertArrayEquals(
                expected, block.forward(store, inputs, false).head().toFloatArray(), 0);
            assertEquals(batch.numSeeds(), tensors.labels().getShape().get(0));
          }
        }
        block.clear();
      }
    }
  }

  @Test
  void aManagerOfAnotherEngineIsRefused() {
    EpochPlan.Epoch plan = EpochPlan.of(data.nodes(Split.TRAIN), 150, 3).epoch(0);
    try (BatchPipeline pipeline = BatchPipeline.builder(data, Fanout.of(2)).build();
        BatchStream batches = pipeline.start(plan);
        DeviceBatch batch = batches.next()) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> BatchTensors.of(null, batch, data.labels()));
      assertTrue(e.getMessage().startsWith("a batch needs a manager of DJL's PyTorch engine"));
    }
  }
}
