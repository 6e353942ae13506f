package io.millrace.training.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.BadInputException;
import io.millrace.datasets.NodeLabels;
import io.millrace.training.OpenResources;
import io.millrace.training.torch.TorchEngine;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScoresTest {
  private final OpenResources open = new OpenResources();
  private final NDManager manager = TorchEngine.newManager();

  @AfterEach
  void nothingStaysOpen() {
    manager.close();
    open.close();
  }

  private static NodeLabels classes(int numClasses) {
    return NodeLabels.of(numClasses, new int[0]);
  }

  private static NodeLabels severalLabels(int numLabels) {
    return NodeLabels.multiLabel(numLabels, MemorySegment.ofArray(new byte[0]));
  }

  /** A batch whose loss has a term for each label that is known. */
  private void add(Scores scores, double loss, MemorySegment labels, float[][] logits) {
    int terms = 0;
    boolean several = labels.heapBase().orElseThrow() instanceof byte[];
    for (int i = 0; i < labels.byteSize() / (several ? 1 : 4); i++) {
      terms +=
          several
              ? ((byte[]) labels.heapBase().get())[i] >= 0 ? 1 : 0
              : ((int[]) labels.heapBase().get())[i] >= 0 ? 1 : 0;
    }
    scores.add(loss, terms, manager.create(logits), labels);
  }

  private static MemorySegment of(int... labels) {
    return MemorySegment.ofArray(labels);
  }

  /** Five nodes of classes 0, 0, 1, 2, unknown, predicted 0, 1, 1, 1, 3; class 4 is not seen. */
  @Test
  void countsClassesAndLeavesOutTheUnlabelled() {
    Scores scores = Scores.ofEvaluation(classes(5), Optional.empty());
    add(scores, 2, of(0, 0, 1), new float[][] {hot(0), hot(1), hot(1)});
    add(scores, 4, of(2, -1), new float[][] {hot(1), hot(3)});
    Evaluation found = scores.sum();
    assertEquals(4, found.numNodes());
    assertEquals((3 * 2 + 1 * 4) / 4.0, found.loss());
    assertEquals(0.5, found.accuracy());
    assertEquals(0.5, found.f1Micro());
    // class 0: 2*1/(2+1); class 1: 2*1/(1+3); class 2: 0; classes 3 and 4 are not seen
    assertEquals((2 / 3.0 + 2 / 4.0 + 0) / 3, found.f1Macro(), 1e-12);
    assertEquals(OptionalDouble.empty(), found.rocAuc());
    ConfusionMatrix confusion = found.confusion().orElseThrow();
    assertEquals(5, confusion.numClasses());
    assertEquals(1, confusion.count(0, 0));
    assertEquals(1, confusion.count(0, 1));
    assertEquals(1, confusion.count(2, 1));
    assertEquals(0, confusion.count(1, 2));
  }

  private static float[] hot(int column) {
    float[] logits = new float[5];
    logits[column] = 1;
    return logits;
  }

  @Test
  void twoClassesHaveARocAucOfTheOddsOfTheSecond() {
    Scores scores = Scores.ofEvaluation(classes(2), Optional.empty());
    add(scores, 1, of(0, 1), new float[][] {{5, 5.1f}, {0, 0.3f}});
    add(scores, 1, of(1, 0, -1), new float[][] {{9, 8.9f}, {1, 0}, {0, 100}});
    // odds: negatives 0.1 and -1, positives 0.3 and -0.1: three of four pairs in order
    assertEquals(0.75, scores.sum().rocAuc().orElseThrow());
    assertEquals(0.75, Metric.ROCAUC.of(scores.sum()));
    assertEquals(0.5, scores.sum().accuracy());
  }

  @Test
  void figuresHaveEveryMetricByItsNameInJson() {
    Scores scores = Scores.ofEvaluation(classes(2), Optional.empty());
    add(scores, 0.5, of(0, 1), new float[][] {{1, 0}, {0, 1}});
    Map<String, Number> figures = scores.sum().figures();
    assertEquals(
        List.of("accuracy", "f1_micro", "f1_macro", "rocauc", "loss", "num_nodes"),
        List.copyOf(figures.keySet()));
    for (Metric metric : Metric.standard().subList(0, 4)) {
      assertEquals(1.0, figures.get(metric.key()), metric.title());
    }
    assertEquals(0.5, figures.get("loss"));
    assertEquals(2L, figures.get("num_nodes"));
  }

  @Test
  void figuresThatAreNotDefinedAreNull() {
    Scores scores = Scores.ofEvaluation(classes(5), Optional.empty());
    add(scores, Double.POSITIVE_INFINITY, of(0), new float[][] {hot(0)});
    Map<String, Number> figures = scores.sum().figures();
    assertTrue(figures.containsKey("rocauc") && figures.get("rocauc") == null);
    assertTrue(figures.containsKey("loss") && figures.get("loss") == null);
  }

  @Test
  void whileTrainingThereIsNeitherRocAucNorConfusionMatrix() {
    Scores scores = Scores.ofTraining(classes(2));
    add(scores, 1, of(0, 1), new float[][] {{1, 0}, {0, 1}});
    assertEquals(1, scores.sum().accuracy());
    assertEquals(OptionalDouble.empty(), scores.sum().rocAuc());
    assertEquals(Optional.empty(), scores.sum().confusion());
    BadInputException e =
        assertThrows(BadInputException.class, () -> Metric.ROCAUC.of(scores.sum()));
    assertTrue(e.getMessage().startsWith("ROC AUC needs two classes"), e.getMessage());
  }

  @Test
  void manyClassesHaveNoConfusionMatrix() {
    assertEquals(
        Optional.empty(), Scores.ofEvaluation(classes(129), Optional.empty()).sum().confusion());
  }

  /** Three labels: one with both answers, one with an unknown one, one without a positive. */
  @Test
  void severalLabelsAreJudgedAnswerByAnswer() {
    Scores scores = Scores.ofEvaluation(severalLabels(3), Optional.empty());
    byte[] labels = {1, 0, 0, 0, -1, 0, -1, -1, -1, 1, 1, 0};
    float[][] logits = {{2, -1, 1}, {3, 9, -1}, {9, 9, 9}, {-0.5f, 2, -2}};
    add(scores, 0.5, MemorySegment.ofArray(labels), logits);
    Evaluation found = scores.sum();
    assertEquals(3, found.numNodes(), "of the third nothing is known");
    assertEquals(0.5, found.loss());
    assertEquals(5 / 8.0, found.accuracy());
    // label 0: TP 1, FP 1, FN 1; label 1: TP 1; label 2: FP 1
    assertEquals(2 * 2 / (2.0 * 2 + 2 + 1), found.f1Micro(), 1e-12);
    assertEquals((0.5 + 1 + 0) / 3, found.f1Macro(), 1e-12);
    // label 0: positives 2 and -0.5, negative 3: none in order; label 1: all; label 2 left out
    assertEquals(0.5, found.rocAuc().orElseThrow(), 1e-12);
    assertEquals(Optional.empty(), found.confusion());
  }

  @Test
  void withoutANodeAllIsZero() {
    Scores scores = Scores.ofEvaluation(severalLabels(2), Optional.empty());
    scores.add(0, 0, manager.create(new Shape(0, 2)), MemorySegment.ofArray(new byte[0]));
    assertEquals(0, scores.sum().numNodes());
    assertEquals(0, scores.sum().f1Macro());
    assertEquals(0, scores.sum().loss());
  }
}
