package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.millrace.BadInputException;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import io.millrace.training.models.Mlp;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.LinearLayer;
import io.millrace.training.nn.MfgTensors;
import io.millrace.training.nn.Norm;
import io.millrace.training.optim.Optimizer;
import io.millrace.transfer.PipelineSettings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GraphTrainerTest {
  private static final GraphSage SAGE = GraphSage.of(16, 2);

  private final OpenResources open = new OpenResources();
  private final GraphDataset data = Planted.dataset();

  @AfterEach
  void nothingStaysOpen() {
    data.close();
    open.close();
  }

  private static TrainerBuilder trainer(GraphDataset data, GraphModel model) {
    return GraphTrainer.builder(data)
        .model(model)
        .fanout(5, 5)
        .batchSize(128)
        .learningRate(0.01)
        .computeThreads(1);
  }

  @Test
  void learnsWhatTheNeighboursTellAndTheFeaturesAloneDoNot() {
    try (GraphTrainer sage = trainer(data, SAGE).build();
        GraphTrainer mlp = trainer(data, Mlp.of(16, 2)).build()) {
      FitResult withGraph = sage.fit(10, TrainingListener.NONE);
      FitResult without = mlp.fit(10, TrainingListener.NONE);
      assertTrue(withGraph.test().accuracy() > 0.8, withGraph.toString());
      assertTrue(without.test().accuracy() < 0.65, without.toString());
      assertTrue(without.test().accuracy() > 0.3, without.toString());
    }
  }

  @Test
  void lossesAreTheSameBitForBitWhateverTheNumberOfWorkers() {
    List<Object> one = losses(data, 1, 3);
    assertEquals(one, losses(data, 4, 3));
    assertEquals(one, losses(data, 2, 3));
    assertNotEquals(one, losses(data, 1, 4));
  }

  @Test
  void float16FeaturesGiveTheLossesOfTheirValues() {
    try (GraphDataset half = Planted.builder(FeatureType.FLOAT16).build()) {
      assertEquals(losses(data, 2, 3), losses(half, 2, 3));
    }
  }

  /** Losses, and the digest of the batches with all its bits. */
  private static List<Object> losses(GraphDataset data, int workers, long seed) {
    List<Object> losses = new ArrayList<>();
    try (GraphTrainer trainer =
        trainer(data, SAGE)
            .pipeline(PipelineSettings.defaults().workers(workers))
            .seed(seed)
            .build()) {
      for (int epoch = 0; epoch < 3; epoch++) {
        EpochReport report = trainer.epoch();
        losses.add(report.training().loss());
        losses.add(report.stats().batchesDigest());
        losses.add(trainer.evaluate(Split.VALID).loss());
      }
    }
    return losses;
  }

  @Test
  void evaluationIsRepeatableAndChangesNothing() {
    try (GraphTrainer trainer = trainer(data, SAGE).build();
        GraphTrainer undisturbed = trainer(data, SAGE).build()) {
      trainer.epoch();
      undisturbed.epoch();
      Evaluation first = trainer.evaluate(Split.TEST);
      assertEquals(first, trainer.evaluate(Split.TEST));
      assertEquals(
          undisturbed.epoch().training(), trainer.epoch().training(), "evaluation left a trace");
    }
  }

  @Test
  void nodesWithoutALabelAreNotCounted() {
    try (GraphTrainer trainer = trainer(data, SAGE).build()) {
      EpochReport report = trainer.epoch();
      assertEquals(400 - 8, report.training().numNodes());
      assertEquals(4, report.stats().numBatches());
      assertEquals(400 - 8, trainer.evaluate(Split.TEST).numNodes());
    }
  }

  @Test
  void aBatchOfOneSeedTrains() {
    try (GraphTrainer trainer = trainer(data, SAGE).batchSize(57).build()) {
      assertTrue(trainer.epoch().training().loss() > 0); // 400 = 7 * 57 + 1
      assertTrue(Double.isFinite(trainer.evaluate(Split.VALID).loss()));
    }
  }

  @Test
  void anEpochLeavesNoArrayBehind() {
    try (GraphTrainer trainer = trainer(data, SAGE).build()) {
      int before = OpenResources.count();
      trainer.epoch();
      trainer.evaluate(Split.VALID);
      assertEquals(before, OpenResources.count());
    }
  }

  /** A perceptron with a parameter that it does not use. */
  private record Forgetful() implements GraphModel {
    @Override
    public int numHops() {
      return 0;
    }

    @Override
    public GraphBlock newBlock(int inputDim, int numClasses) {
      return new GraphBlock(0, inputDim, numClasses) {
        private final LinearLayer linear =
            LinearLayer.withBias("weight", "bias", inputDim, numClasses);

        {
          linear.parameters().forEach(this::addParameter);
          addParameter(
              LinearLayer.parameter("unused", Parameter.Type.WEIGHT, 1, new Shape(inputDim)));
        }

        @Override
        protected NDArray layer(int layer, NDArray state, MfgTensors edges, ForwardPass pass) {
          return linear.forward(pass, state);
        }
      };
    }
  }

  @Test
  void aParameterThatAModelDoesNotUseHindersNoOther() {
    for (Optimizer optimizer :
        List.of(Optimizer.adam(), Optimizer.adamW(), Optimizer.sgd(0.9), Optimizer.sgd(0))) {
      TrainerBuilder builder = trainer(data, new Forgetful()).optimizer(optimizer).clipNorm(1);
      try (GraphTrainer trainer = builder.build()) {
        double first = trainer.epoch().training().loss();
        double second = trainer.epoch().training().loss();
        assertTrue(second < first, optimizer + ": " + first + ", then " + second);
      }
    }
  }

  @Test
  void tellsTheListenerOfEveryBatch() {
    List<BatchProgress> seen = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void batchDone(BatchProgress progress) {
            seen.add(progress);
          }
        };
    try (GraphTrainer trainer = trainer(data, SAGE).build()) {
      trainer.epoch();
      EpochReport report = trainer.epoch(listener);
      assertEquals(4, seen.size());
      BatchProgress last = seen.getLast();
      assertEquals(1, last.epoch());
      assertEquals(3, last.batch());
      assertEquals(4, last.numBatches());
      assertEquals(report.training().loss(), last.loss());
      assertTrue(last.waitShare() >= 0 && last.waitShare() <= 1);
    }
  }

  @Test
  void countsTheLearnedValues() {
    try (GraphTrainer sage = trainer(data, SAGE).build();
        GraphTrainer plain = trainer(data, SAGE.norm(Norm.NONE)).build();
        GraphTrainer mlp = trainer(data, Mlp.of(16, 2)).build()) {
      int convolutions = (2 * 8 * 16 + 16) + (2 * 16 * 4 + 4);
      assertEquals(convolutions + 2 * 16, sage.numParameters());
      assertEquals(convolutions, plain.numParameters());
      assertEquals((8 * 16 + 16) + (16 * 4 + 4) + 2 * 16, mlp.numParameters());
    }
  }

  @Test
  void aLossThatIsNotFiniteEndsTheEpochWithAHint() {
    try (GraphTrainer trainer = trainer(data, SAGE.norm(Norm.NONE)).learningRate(1e30).build()) {
      BadInputException e = assertThrows(BadInputException.class, trainer::epoch);
      assertTrue(
          e.getMessage().startsWith("loss is not finite, try a lower learning rate"),
          e.getMessage());
      assertTrue(e.getMessage().contains("epoch=1, batch="), e.getMessage());
    }
  }

  @Test
  void anExceptionOfTheListenerEndsTheEpochAndTheNextOneWorks() {
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void batchDone(BatchProgress progress) {
            throw new IllegalStateException("enough");
          }
        };
    try (GraphTrainer trainer = trainer(data, SAGE).build()) {
      assertThrows(IllegalStateException.class, () -> trainer.epoch(failing));
      assertEquals(0, trainer.epoch().epoch());
    }
  }

  @Test
  void trainsOnAThreadThatHasNeverSeenTheEngine() throws InterruptedException {
    List<Object> here = losses(data, 1, 3);
    List<Object> there = new ArrayList<>();
    Thread thread = new Thread(() -> there.addAll(losses(data, 1, 3)));
    thread.start();
    thread.join();
    assertEquals(here, there);
  }

  @Test
  void refusesToPredictMoreThanAnArrayHolds() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> Evaluator.numValues(1 << 23, 256));
    assertEquals(
        "output of all nodes at once must have fewer than 2^31 values: nodes=8388608, dim=256",
        e.getMessage());
    assertEquals(Integer.MAX_VALUE, Evaluator.numValues(Integer.MAX_VALUE, 1));
  }
}
