package io.millrace.training.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.BadInputException;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.datasets.links.NodePairs;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.link.EdgeLookup;
import io.millrace.sampler.link.LinkPlan;
import io.millrace.sampler.link.LinkSeeds;
import io.millrace.sampler.link.Negatives;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.SharedTraining;
import io.millrace.training.StopAt;
import io.millrace.training.TrainerBuilder;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.link.Decoder;
import io.millrace.training.link.LinkObjective;
import io.millrace.training.link.PairDecoder;
import io.millrace.training.link.PairLoss;
import io.millrace.training.link.PairScorer;
import io.millrace.training.link.PairScores;
import io.millrace.training.metrics.Metric;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.ForwardPass;
import io.millrace.training.nn.Network;
import io.millrace.training.torch.NamedArrays;
import io.millrace.training.torch.TorchEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlpDecoderTest {
  private static final int DIM = 16;
  private static final Negatives UNIFORM =
      Negatives.destination().kind(Negatives.Kind.UNIFORM).perPositive(2);
  private static final Negatives IN_BATCH = Negatives.destination().kind(Negatives.Kind.IN_BATCH);

  @TempDir private Path directory;
  private GraphDataset data;
  private LinkObjective objective;

  @BeforeEach
  void open() {
    Path links = LinkedGroups.write(directory);
    data = GraphDataset.open(links);
    objective =
        LinkObjective.of(HeldOutLinks.read(links, LinkedGroups.NUM_NODES)).decoder(Decoder.MLP);
  }

  @AfterEach
  void close() {
    data.close();
  }

  private TrainerBuilder builder() {
    return LinkedGroups.trainer(data, objective);
  }

  private static FitResult fit(TrainerBuilder builder, int epochs) {
    try (GraphTrainer trainer = builder.build()) {
      return trainer.fit(epochs, TrainingListener.NONE);
    }
  }

  /** The parameters as a formula in Java reads them. */
  private static Map<String, float[]> parameters(ModelFile file) {
    Map<String, float[]> values = new LinkedHashMap<>();
    try (NDManager manager = TorchEngine.newManager();
        NDList weights = file.weights(manager)) {
      NamedArrays.byName(weights).forEach((name, array) -> values.put(name, array.toFloatArray()));
    }
    return values;
  }

  /** {@code w ReLU(W (x * y) + b) + c}. */
  private static double formula(Map<String, float[]> parameters, float[] x, int u, int v) {
    float[] weights = parameters.get("decoder.linear.0.weight");
    double score = parameters.get("decoder.linear.1.bias")[0];
    for (int h = 0; h < DIM; h++) {
      double hidden = parameters.get("decoder.linear.0.bias")[h];
      for (int c = 0; c < DIM; c++) {
        hidden += (double) weights[h * DIM + c] * x[u * DIM + c] * x[v * DIM + c];
      }
      score += parameters.get("decoder.linear.1.weight")[h] * Math.max(0, hidden);
    }
    return score;
  }

  @Test
  void isLearnedAndScoresAsItsFormulaSays() {
    try (GraphTrainer trainer = builder().evalFanout(-1, -1).build()) {
      Map<String, float[]> before = parameters(trainer.model());
      for (int epoch = 0; epoch < 6; epoch++) {
        trainer.epoch();
      }
      ModelFile model = trainer.model();
      Map<String, float[]> parameters = parameters(model);
      before.forEach((name, it) -> assertFalse(Arrays.equals(it, parameters.get(name))));
      assertEquals(Decoder.MLP, model.info().decoder());

      HeldOutLinks.Part test = objective.heldOut().of(Split.TEST);
      int[] nodes = test.nodes();
      float[] rows = trainer.predict(nodes).logits();
      PairScores scores = new PairScores(nodes, DIM, rows, model.pairScorer());
      float[] found = scores.of(test.positives());
      for (int i = 0; i < found.length; i++) {
        int u = Arrays.binarySearch(nodes, test.positives().src(i));
        int v = Arrays.binarySearch(nodes, test.positives().dst(i));
        assertEquals(formula(parameters, rows, u, v), found[i], 1e-5);
      }
      double auc = trainer.evaluate(Split.TEST).rocAuc().orElseThrow();
      assertEquals(scores.evaluate(test, Metric.ROCAUC).rocAuc().orElseThrow(), auc, 1e-6);
      assertTrue(auc > 0.8, "auc=" + auc);
    }
  }

  @Test
  @Tag("exhaustive")
  void learnsWithEveryKindOfNegatives() {
    for (Negatives negatives : new Negatives[] {UNIFORM, IN_BATCH}) {
      FitResult result = fit(LinkedGroups.trainer(data, objective.negatives(negatives)), 8);
      assertTrue(result.testMetric() > 0.8, () -> negatives + ": " + result.test());
    }
  }

  /** Each loss from the same embeddings by another way: in float64, pair by pair. */
  @Test
  void lossesAreThoseOfTheScores() {
    try (Network network =
            Network.on(Device.cpu(), GraphSage.of(4, 1), 2, DIM, Decoder.MLP.network(DIM), 3);
        NDManager manager = network.manager().newSubManager()) {
      PairDecoder decoder =
          new PairDecoder(network, ForwardPass.training(network.prediction().store(), 1));
      for (Negatives negatives : new Negatives[] {UNIFORM, IN_BATCH}) {
        LinkPlan.Batches batches =
            LinkPlan.of(
                    NodePairs.ofGraph(data.graph(), false),
                    negatives,
                    new EdgeLookup(data.graph(), false))
                .batches(EpochPlan.inOrder(IntStream.range(0, 20).toArray(), 20, 1).epoch(0));
        LinkSeeds links = batches.links(0);
        int numSeeds = links.seeds().length;
        Random random = new Random(4);
        float[] x = new float[numSeeds * DIM];
        for (int i = 0; i < x.length; i++) {
          x[i] = (float) random.nextGaussian();
        }
        int[] localIds = IntStream.range(0, numSeeds).toArray();
        NDArray rows = manager.create(x, new Shape(numSeeds, DIM));
        PairScorer scorer = PairScorer.of(DIM, network.learned());
        boolean inBatch = negatives == IN_BATCH;
        PairLoss loss =
            inBatch
                ? PairLoss.inBatch(batches, links, localIds, rows, decoder)
                : PairLoss.binary(links, localIds, rows, decoder);
        assertEquals(
            inBatch
                ? softmax(scorer, links, batches.knownCells(links), x)
                : binary(scorer, links, negatives.perPositive(), x),
            loss.sum().toFloatArray()[0],
            1e-3);
        float[] positives = new float[20];
        for (int i = 0; i < positives.length; i++) {
          positives[i] = scorer.score(x, DIM * links.src()[i], DIM * links.dst()[i]);
        }
        float[] found = loss.scores().toFloatArray();
        assertArrayEquals(positives, Arrays.copyOf(found, 20), 1e-5f);
      }
    }
  }

  private static double binary(PairScorer scorer, LinkSeeds links, int perPositive, float[] x) {
    double sum = 0;
    for (int i = 0; i < links.numPairs(); i++) {
      double score = scorer.score(x, DIM * links.src()[i], DIM * links.dst()[i]);
      boolean positive = i < links.numPositives();
      double term = Math.log1p(Math.exp(positive ? -score : score));
      sum += positive ? term : term / perPositive;
    }
    return sum;
  }

  private static double softmax(PairScorer scorer, LinkSeeds links, boolean[] known, float[] x) {
    int count = links.numPositives();
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double all = 0;
      for (int j = 0; j < count; j++) {
        double score = scorer.score(x, DIM * links.src()[i], DIM * links.dst()[j]);
        all += known[i * count + j] ? 0 : Math.exp(score);
      }
      sum += Math.log(all) - scorer.score(x, DIM * links.src()[i], DIM * links.dst()[i]);
    }
    return sum;
  }

  @Test
  void resumesInTheMiddleOfAnEpochWithTheSameBits() throws Exception {
    Path whole = directory.resolve("whole");
    FitResult expected = fit(builder().saveTo(whole), 2);
    Path saved = directory.resolve("parts");
    TrainerBuilder parts = builder().saveTo(saved).checkpointEvery(3);
    try (GraphTrainer trainer = parts.build()) {
      assertThrows(IllegalStateException.class, () -> trainer.fit(2, new StopAt(1, 4)));
    }
    FitResult resumed = fit(parts.resumeFrom(saved), 2);
    assertEquals(expected.test(), resumed.test());
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("model.safetensors")),
        Files.readAllBytes(saved.resolve("model.safetensors")));
    BadInputException error =
        assertThrows(
            BadInputException.class,
            () ->
                LinkedGroups.trainer(data, objective.decoder(Decoder.DOT))
                    .resumeFrom(saved)
                    .build());
    assertTrue(
        error.getMessage().startsWith("checkpoint is of another objective"), error.getMessage());
  }

  @Test
  void ranksLearnTheDecoderOfOneProcess() {
    FitResult expected = fit(builder().virtualNodes(2), 1);
    for (SharedTraining.End<FitResult> end :
        SharedTraining.inProcess(2, rank -> fit(builder().virtualNodes(2).collective(rank), 1))) {
      assertEquals(expected.validations(), end.get().validations());
      assertEquals(expected.test(), end.get().test());
    }
  }

  /** The weights of the model are drawn first. */
  @Test
  void theModelBeginsAsItDoesWithoutADecoder() {
    try (GraphTrainer mlp = builder().build();
        GraphTrainer dot = LinkedGroups.trainer(data, objective.decoder(Decoder.DOT)).build()) {
      Map<String, float[]> more = parameters(mlp.model());
      Map<String, float[]> without = parameters(dot.model());
      without.forEach((name, values) -> assertArrayEquals(values, more.get(name), name));
      assertEquals(without.size() + 4, more.size());
    }
  }

  @Test
  void onlyAnMlpIsNamedInCheckpoints() {
    String before =
        "Links[dim=64, negatives=DESTINATION, perPositive=1, strict=true, excludeTargets=true";
    assertEquals(before + ", decoder=MLP]", objective.text());
    assertEquals(before + "]", objective.decoder(Decoder.DOT).text());
  }

  @Test
  void refusesMoreCellsThanOneArrayShouldHold() {
    LinkObjective wide = objective.negatives(IN_BATCH).dim(1 << 10);
    assertEquals(
        "an MLP of all sources with all destinations of a batch has too many values:"
            + " batchSize=1024, values=1073741824, max=268435456",
        assertThrows(BadInputException.class, () -> wide.requireBatch(1024)).getMessage());
    wide.requireBatch(512);
    wide.decoder(Decoder.DOT).requireBatch(1024);
  }
}
