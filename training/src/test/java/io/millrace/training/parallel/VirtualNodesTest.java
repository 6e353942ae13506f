package io.millrace.training.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.training.GraphTrainer;
import io.millrace.training.OpenResources;
import io.millrace.training.Planted;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.Gat;
import io.millrace.training.models.Gcn;
import io.millrace.training.models.Gin;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.JumpingKnowledge;
import io.millrace.training.models.Mlp;
import io.millrace.training.models.SageRi;
import io.millrace.training.nn.Forward;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.nn.Norm;
import io.millrace.transfer.PipelineSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class VirtualNodesTest {
  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  private TrainerBuilder builder(GraphModel model) {
    return GraphTrainer.builder(data)
        .model(model)
        .fanout(5, 5)
        .batchSize(120) // 3 batches and one of 40
        .learningRate(0.02)
        .computeThreads(1);
  }

  private static List<Evaluation> curve(TrainerBuilder builder) {
    List<Evaluation> curve = new ArrayList<>();
    try (GraphTrainer trainer = builder.build()) {
      for (int epoch = 0; epoch < 4; epoch++) {
        curve.add(trainer.epoch().training());
        curve.add(trainer.evaluate(Split.VALID));
      }
    }
    return curve;
  }

  @Test
  @Tag("exhaustive")
  void theResultDoesNotDependOnHowManyAreComputedAtATimeOrByHowManyWorkersTheyArePrepared() {
    TrainerBuilder builder = builder(GraphSage.of(16, 2)).virtualNodes(8);
    List<Evaluation> expected =
        curve(builder.virtualNodesPerWave(1).pipeline(PipelineSettings.defaults().workers(1)));
    for (int atATime : new int[] {2, 3, 4, 8}) {
      List<Evaluation> found =
          curve(
              builder
                  .virtualNodesPerWave(atATime)
                  .pipeline(PipelineSettings.defaults().workers(atATime)));
      assertEquals(expected, found, atATime + " at a time");
    }
    assertNotEquals(expected, curve(builder.virtualNodes(4).virtualNodesPerWave(4)));
  }

  /** With all neighbours, no dropout and no batch statistics, dividing changes the sums' order. */
  private void assertSameAsUndivided(int... numbers) {
    GraphSage plain = GraphSage.of(16, 2).dropout(0).norm(Norm.NONE);
    TrainerBuilder builder = builder(plain).fanout(-1, -1).evalFanout(-1, -1);
    List<Evaluation> expected = curve(builder);
    for (int number : numbers) {
      List<Evaluation> found = curve(builder.virtualNodes(number));
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(expected.get(i).loss(), found.get(i).loss(), 1e-5, number + " parts");
        assertEquals(expected.get(i).numNodes(), found.get(i).numNodes());
      }
    }
  }

  /**
   * They have 17 seeds or 18, and 5 or 6 in the last batch, so a mean of their means would be
   * another gradient.
   */
  @Test
  void unequalGradientsComeToThatOfTheUndividedBatch() {
    assertSameAsUndivided(7);
  }

  @Test
  @Tag("exhaustive")
  void theirGradientsComeToThatOfTheUndividedBatch() {
    assertSameAsUndivided(2, 8, 120);
  }

  /** Knows how many nodes the batches had, and gives no number from one forward on. */
  private record Watched(int hidden, int poisoned) implements GraphModel {
    static final AtomicInteger FORWARDS = new AtomicInteger();
    static final AtomicInteger MOST_NODES = new AtomicInteger();

    @Override
    public int numHops() {
      return 2;
    }

    @Override
    public GraphBlock newBlock(int inputDim, int numClasses) {
      FORWARDS.set(0);
      MOST_NODES.set(0);
      GraphBlock inner = GraphSage.of(hidden, 2).newBlock(inputDim, numClasses);
      return new GraphBlock(2, inputDim, hidden, numClasses) {
        {
          child("inner", inner, inputDim);
        }

        @Override
        protected NDArray layer(int layer, NDArray state, MfgTensors edges, ForwardPass pass) {
          MOST_NODES.accumulateAndGet((int) state.getShape().get(0), Math::max);
          NDArray next = Forward.layer(inner, layer, state, edges, pass);
          boolean poison = layer == 1 && FORWARDS.incrementAndGet() == poisoned;
          return poison ? next.mul(Float.NaN) : next;
        }
      };
    }
  }

  @Test
  void aWaveNeedsTheMemoryOfItsVirtualNodesOnly() {
    TrainerBuilder builder =
        builder(new Watched(4, -1)).fanout(2, 1).evalFanout(2, 1).batchSize(400);
    curve(builder);
    int whole = Watched.MOST_NODES.get();
    curve(builder.virtualNodes(16));
    int part = Watched.MOST_NODES.get();
    assertTrue(part <= 25 * 3 * 2, "25 seeds, 2 neighbours, 1 each: " + part);
    assertTrue(whole > 4 * part, whole + " nodes undivided, " + part + " divided");
  }

  @Test
  void aVirtualNodeThatFailsLeavesNoGradientOfThoseBefore() {
    try (GraphTrainer failing = builder(new Watched(4, 6)).virtualNodes(8).build()) {
      assertThrows(BadInputException.class, failing::epoch); // in the sixth of the first step
      Evaluation second = failing.epoch().training();
      try (GraphTrainer fresh = builder(new Watched(4, -1)).virtualNodes(8).build()) {
        assertEquals(fresh.epoch().training(), second);
      }
    }
  }

  /** Collects garbage in the middle: what the way back reads must be held by something. */
  private record Collecting(GraphModel model) implements GraphModel {
    @Override
    public int numHops() {
      return model.numHops();
    }

    @Override
    public boolean usesDegrees() {
      return model.usesDegrees();
    }

    @Override
    public GraphBlock newBlock(int inputDim, int numClasses) {
      GraphBlock inner = model.newBlock(inputDim, numClasses);
      int[] dims = IntStream.rangeClosed(0, inner.numLayers()).map(inner::stateDim).toArray();
      return new GraphBlock(inner.numHops(), dims) {
        {
          child("inner", inner, inputDim);
        }

        @Override
        protected NDArray layer(int layer, NDArray state, MfgTensors edges, ForwardPass pass) {
          System.gc();
          LockSupport.parkNanos(2_000_000); // for the thread that frees
          return Forward.layer(inner, layer, state, edges, pass);
        }
      };
    }
  }

  @Test
  @Tag("exhaustive")
  void aGarbageCollectionBetweenForwardAndBackwardChangesNothing() {
    for (GraphModel model :
        List.of(
            GraphSage.of(8, 2),
            Gcn.of(8, 2),
            Gat.of(8, 2),
            Gin.of(8, 2),
            SageRi.of(8, 2),
            JumpingKnowledge.of(8, 2),
            Mlp.of(8, 2))) {
      TrainerBuilder builder = builder(model).batchSize(400).virtualNodes(2).virtualNodesPerWave(2);
      try (GraphTrainer calm = builder.build();
          GraphTrainer collecting = builder.model(new Collecting(model)).build()) {
        for (int epoch = 0; epoch < 2; epoch++) {
          assertEquals(calm.epoch().training(), collecting.epoch().training(), model.toString());
        }
      }
    }
  }

  @Test
  void impossibleDivisionsAreRefused() {
    TrainerBuilder builder = builder(GraphSage.of(4, 2));
    assertMessage(
        "a wave has at least one virtual node, and at most those of a batch: perWave=3,"
            + " virtualNodes=2",
        builder.virtualNodes(2).virtualNodesPerWave(3));
    assertMessage(
        "a batch has at least one virtual node, and one seed for each: virtualNodes=121,"
            + " batchSize=120",
        builder.virtualNodes(121));
    assertMessage(
        "slots must hold the batches that are open at a time: slots=2, held=3",
        builder.virtualNodes(8).pipeline(PipelineSettings.defaults().slots(2)));
  }

  private static void assertMessage(String message, TrainerBuilder builder) {
    BadInputException e = assertThrows(BadInputException.class, builder::build);
    assertEquals(message, e.getMessage());
  }
}
