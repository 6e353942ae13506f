package io.millrace.training.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.datasets.links.HeldOutLinks;
import io.millrace.datasets.links.NodePairs;
import io.millrace.training.link.PairScorer;
import io.millrace.training.link.PairScores;
import java.time.Duration;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LinkMetricsTest {
  private static float[] of(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Test
  void aTieCountsHalfARank() {
    assertEquals(0.4, LinkMetrics.mrr(of(.5), of(.9, .5, .1)).getAsDouble()); // rank 2.5
    assertEquals(0.5, LinkMetrics.mrr(of(.5), of(.9, .4, .1)).getAsDouble());
    assertEquals(1, LinkMetrics.mrr(of(.5), of(.4)).getAsDouble());
  }

  @Test
  void eachPositiveIsRankedAmongItsOwnNegatives() {
    assertEquals(0.75, LinkMetrics.mrr(of(.5, .1), of(.4, .3, .2, 0)).getAsDouble());
    assertThrows(BadInputException.class, () -> LinkMetrics.mrr(of(1, 2), of(1, 2, 3)));
  }

  @Test
  void hitsAreStrictlyAboveTheKthNegative() {
    assertEquals(1.0 / 3, LinkMetrics.hits(2, of(.85, .8, .75), of(.9, .8, .7)).getAsDouble());
    assertEquals(1, LinkMetrics.hits(4, of(.1), of(.9, .8, .7)).getAsDouble());
    assertThrows(BadInputException.class, () -> LinkMetrics.hits(0, of(1), of(1)));
  }

  @Test
  void aucAndAveragePrecisionOfTheGoldenScores() {
    assertEquals(0.875, LinkMetrics.auc(of(.8, .5), of(.5, .1)).getAsDouble());
    assertEquals(
        5.0 / 6, LinkMetrics.averagePrecision(of(.8, .5), of(.5, .1)).getAsDouble(), 1e-15);
  }

  @Test
  void constantScoresTellNothing() {
    assertEquals(0.5, LinkMetrics.auc(of(0, -0.0, 0), of(0, -0.0)).getAsDouble());
    assertEquals(
        0.6, LinkMetrics.averagePrecision(of(0, -0.0, 0), of(0, -0.0)).getAsDouble(), 1e-15);
  }

  @Test
  void averagePrecisionIsTheSumOverThresholds() {
    Random random = new Random(1);
    for (int run = 0; run < 50; run++) {
      float[] positives = new float[1 + random.nextInt(20)];
      float[] negatives = new float[1 + random.nextInt(20)];
      TreeSet<Float> thresholds = new TreeSet<>();
      for (int i = 0; i < positives.length; i++) {
        thresholds.add(positives[i] = random.nextInt(10));
      }
      for (int i = 0; i < negatives.length; i++) {
        thresholds.add(negatives[i] = random.nextInt(10));
      }
      double sum = 0;
      double recall = 0;
      for (float threshold : thresholds.descendingSet()) {
        double hits = atLeast(positives, threshold);
        double next = hits / positives.length;
        sum += (next - recall) * hits / (hits + atLeast(negatives, threshold));
        recall = next;
      }
      assertEquals(sum, LinkMetrics.averagePrecision(positives, negatives).getAsDouble(), 1e-12);
    }
  }

  private static int atLeast(float[] scores, float threshold) {
    int count = 0;
    for (float score : scores) {
      count += score >= threshold ? 1 : 0;
    }
    return count;
  }

  @Test
  void nothingIsDefinedWithoutPositivesOrNegatives() {
    assertTrue(LinkMetrics.auc(of(), of(1)).isEmpty());
    assertTrue(LinkMetrics.averagePrecision(of(1), of()).isEmpty());
    assertTrue(LinkMetrics.mrr(of(1), of()).isEmpty());
    assertTrue(LinkMetrics.hits(1, of(), of(1)).isEmpty());
  }

  @Test
  void endsForScoresThatAreNotNumbers() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> LinkMetrics.averagePrecision(of(Double.NaN, 1), of(0, 2)));
  }

  @Test
  void refusesScoresThatAreNotNumbers() {
    PairScores scores = new PairScores(new int[] {0, 1}, 1, of(Double.NaN, 1), PairScorer.dot(1));
    HeldOutLinks.Part part = new HeldOutLinks.Part(NodePairs.of(0, 1), NodePairs.of(1, 1));
    assertThrows(BadInputException.class, () -> scores.evaluate(part, Metric.ROCAUC));
  }
}
