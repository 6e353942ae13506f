package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.GraphModel;
import io.millrace.transfer.PipelineSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a trainer holds off the heap: weights, and one pipeline with its slots and threads. */
class TrainerResourcesTest {
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();
  private final TrainerBuilder builder =
      GraphTrainer.builder(data).model(Mlp.of(4, 1)).batchSize(128);

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private record BrokenModel() implements GraphModel {
    @Override
    public int numHops() {
      return 0;
    }

    @Override
    public GraphBlock newBlock(int inputDim, int numClasses) {
      throw new Broken();
    }
  }

  private record BrokenWeights() implements GraphModel {
    @Override
    public int numHops() {
      return 0;
    }

    @Override
    public GraphBlock newBlock(int inputDim, int numClasses) {
      GraphBlock block = Mlp.of(4, 2).newBlock(inputDim, numClasses);
      Parameter last = block.getParameters().valueAt(block.getParameters().size() - 1);
      last.setInitializer(
          new Initializer() {
            @Override
            public ai.djl.ndarray.NDArray initialize(NDManager m, Shape shape, DataType type) {
              throw new Broken();
            }
          });
      return block;
    }
  }

  @Test
  void aModelThatFailsLeavesNoArrays() {
    assertThrows(Broken.class, builder.model(new BrokenModel())::build);
    assertThrows(Broken.class, builder.model(new BrokenWeights())::build);
  }

  @Test
  void slotsAreTakenLastSoThatNoFailureCanLoseThem() {
    takeTooFewSlots();
    for (GraphModel model : List.of(new BrokenModel(), new BrokenWeights())) {
      Throwable first = assertThrows(Throwable.class, builder.model(model)::build);
      assertEquals(Broken.class, first.getClass());
    }
  }

  @Test
  void slotsThatCannotBeHadLeaveNoArrays() {
    takeTooFewSlots();
    assertThrows(BadInputException.class, builder::build);
  }

  /** The pool cannot be made: a step has two batches open. */
  private void takeTooFewSlots() {
    builder.virtualNodes(2).virtualNodesPerWave(2);
    builder.pipeline(PipelineSettings.defaults().slots(1));
  }

  @Test
  void trainingAndEvaluationShareTheWorkers() {
    Set<Thread> before = OpenResources.workers();
    try (GraphTrainer trainer =
        builder
            .model(GraphSage.of(4, 2))
            .fanout(3, 3)
            .evalFanout(5, 5)
            .pipeline(PipelineSettings.defaults().workers(2))
            .build()) {
      trainer.epoch();
      trainer.evaluate(Split.VALID);
      trainer.epoch();
      Set<Thread> now = new HashSet<>(OpenResources.workers());
      now.removeAll(before);
      assertEquals(2, now.size(), now.toString());
    }
  }

  @Test
  void evaluationTakesItsOwnFanout() {
    builder.model(GraphSage.of(4, 2)).fanout(1, 1).computeThreads(1);
    try (GraphTrainer few = builder.evalFanout(1, 1).build();
        GraphTrainer many = builder.evalFanout(12, 12).build();
        GraphTrainer all = builder.evalFanout(-1, -1).build()) {
      assertEquals(all.evaluate(Split.TEST), many.evaluate(Split.TEST)); // no node has more
      double difference = all.evaluate(Split.TEST).loss() - few.evaluate(Split.TEST).loss();
      assertNotEquals(0, difference);
      assertEquals(few.epoch().stats().numEdges(), all.epoch().stats().numEdges());
    }
  }
}
