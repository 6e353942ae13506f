package io.millrace.training.inference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyType;
import io.millrace.training.FitResult;
import io.millrace.training.GraphTrainer;
import io.millrace.training.Planted;
import io.millrace.training.TrainingListener;
import io.millrace.training.files.ModelFile;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results where a node can have several labels: each label is a question by itself. */
class SeveralLabelsInferenceTest {
  private static final int NUM_LABELS = Planted.NUM_CLASSES + 1;

  @TempDir private Path folder;

  private FitResult train(GraphDataset data) {
    try (GraphTrainer trainer =
        GraphTrainer.builder(data)
            .model(GraphSage.of(8, 2))
            .fanout(5, 5)
            .evalFanout(-1, -1)
            .saveTo(folder.resolve("model"))
            .build()) {
      return trainer.fit(2, TrainingListener.NONE);
    }
  }

  private InferenceReport infer(GraphDataset data, Path out) {
    OutputOptions choice = OutputOptions.PREDICTIONS.scores(true).topK(2).csv(true);
    try (GraphInference inference =
        GraphInference.builder(data, ModelFile.read(folder.resolve("model"))).build()) {
      return inference.run(out, choice, InferenceListener.NONE);
    }
  }

  private float[] logits(GraphDataset data) {
    ModelFile model = ModelFile.read(folder.resolve("model"));
    return TestInference.logits(data, model, folder.resolve("work"), it -> it);
  }

  private static NpyArray read(Path file, NpyType type, Arena arena) {
    NpyArray array = NpyArray.map(file, type, 2, arena);
    assertEquals((long) Planted.NUM_NODES, array.shape().getFirst());
    return array;
  }

  @Test
  @Tag("exhaustive")
  void filesAndMetricsAreThoseOfEachLabelByItself() throws IOException {
    Path out = folder.resolve("out");
    try (GraphDataset data = Planted.severalLabels();
        Arena arena = Arena.ofConfined()) {
      FitResult fit = train(data);
      Map<Split, Evaluation> found = infer(data, out).scores();
      assertEquals(fit.test().f1Micro(), found.get(Split.TEST).f1Micro(), 1e-3);
      assertEquals(fit.test().rocAuc().getAsDouble(), rocAuc(found), 1e-5);
      assertEquals(fit.test().loss(), found.get(Split.TEST).loss(), 1e-5);

      float[] logits = logits(data);
      byte[] has =
          read(out.resolve("predictions.npy"), NpyType.INT8, arena).data().toArray(JAVA_BYTE);
      float[] scores =
          read(out.resolve("scores.npy"), NpyType.FLOAT32, arena).data().toArray(JAVA_FLOAT);
      int numSeveral = 0;
      for (int i = 0; i < logits.length; i++) {
        assertEquals(1 / (1 + Math.exp(-logits[i])), scores[i], 1e-5, "score " + i);
        assertEquals(scores[i] > 0.5f ? 1 : 0, has[i], "prediction " + i);
      }
      for (int v = 0; v < Planted.NUM_NODES; v++) {
        int row = v * NUM_LABELS;
        int sum = 0;
        for (int c = 0; c < NUM_LABELS; c++) {
          sum += has[row + c];
        }
        numSeveral += sum > 1 ? 1 : 0;
      }
      assertTrue(numSeveral > 100, "nodes of the first two classes have two labels: " + numSeveral);
      assertCsv(Files.readAllLines(out.resolve("predictions.csv")), scores);
    }
  }

  private static double rocAuc(Map<Split, Evaluation> scores) {
    return scores.get(Split.TEST).rocAuc().getAsDouble();
  }

  /** The two most probable labels of each node. */
  private static void assertCsv(List<String> lines, float[] scores) {
    assertEquals("node,class_1,probability_1,class_2,probability_2", lines.getFirst());
    for (int v = 0; v < Planted.NUM_NODES; v++) {
      String[] cells = lines.get(v + 1).split(",");
      assertEquals(v, Integer.parseInt(cells[0]));
      float first = Float.parseFloat(cells[2]);
      float second = Float.parseFloat(cells[4]);
      assertEquals(scores[v * NUM_LABELS + Integer.parseInt(cells[1])], first);
      assertEquals(scores[v * NUM_LABELS + Integer.parseInt(cells[3])], second);
      int greater = 0;
      for (int c = 0; c < NUM_LABELS; c++) {
        greater += scores[v * NUM_LABELS + c] > second ? 1 : 0;
      }
      assertTrue(first >= second && greater <= 1, "node " + v);
    }
  }

  /** What the labels mean was learned with them; a graph to predict for need not have any. */
  @Test
  void aGraphWithoutLabelsHasTheSamePredictions() throws IOException {
    Path labelled = folder.resolve("labelled");
    Path unlabelled = folder.resolve("unlabelled");
    try (GraphDataset data = Planted.severalLabels();
        GraphDataset bare =
            GraphDataset.builder("bare", data.graph()).features(data.features()).build()) {
      train(data);
      infer(data, labelled);
      assertEquals(Map.of(), infer(bare, unlabelled).scores());
    }
    for (String name : List.of("predictions.npy", "scores.npy")) {
      assertArrayEquals(
          Files.readAllBytes(labelled.resolve(name)),
          Files.readAllBytes(unlabelled.resolve(name)),
          name);
    }
  }

  @Test
  void theRoomAskedForIsThatOfAllFiles() {
    Path out = folder.resolve("out");
    try (GraphDataset data = Planted.severalLabels();
        Arena arena = Arena.ofConfined()) {
      train(data);
      infer(data, out);
      long predictions = bytes(out.resolve("predictions.npy"), NpyType.INT8, arena);
      long more =
          bytes(out.resolve("scores.npy"), NpyType.FLOAT32, arena)
              + bytes(out.resolve("top_classes.npy"), NpyType.INT32, arena)
              + bytes(out.resolve("top_probabilities.npy"), NpyType.FLOAT32, arena);
      ModelFile model = ModelFile.read(folder.resolve("model"));
      Path work = folder.resolve("work");
      try (GraphInference inference = GraphInference.builder(data, model).build();
          InferenceResults results = inference.results(work, InferenceListener.NONE)) {
        OutputOptions choice = OutputOptions.PREDICTIONS;
        assertEquals(predictions, choice.bytes(results));
        assertEquals(predictions + more, choice.scores(true).topK(2).bytes(results));
      }
    }
  }

  private static long bytes(Path file, NpyType type, Arena arena) {
    return read(file, type, arena).data().byteSize();
  }
}
