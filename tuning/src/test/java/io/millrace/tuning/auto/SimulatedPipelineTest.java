package io.millrace.tuning.auto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The pipeline by which the tuner is judged against tf.data's model of a buffered stage (its
 * core/framework/model.cc): the consumer asks each x, the producer delivers each y, and there is
 * room for n. It is M/M/1/n, so it holds for exponential times.
 */
class SimulatedPipelineTest {
  private static final int BATCHES = 100_000;

  /** The probability that a request finds nothing. */
  private static double pEmpty(double x, double y, int n) {
    if (x == y) {
      return 1.0 / (n + 1);
    }
    double ratio = x / y;
    return (1 - ratio) / (1 - Math.pow(ratio, n + 1));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 5, 1, .333",
    "10, 5, 4, .0323",
    "5, 10, 1, .667",
    "5, 10, 4, .516",
    "10, 10, 4, .2"
  })
  void waitsAsQueueingTheorySays(double x, double y, int n, double expected) {
    assertEquals(expected, pEmpty(x, y, n), .0005);
    double wait = expected * y;
    SplittableRandom random = new SplittableRandom(3);
    double exponential = meanWait(exponential(random, y), exponential(random, x), n);
    assertEquals(wait, exponential, .1 * wait);
    double constant = meanWait(_ -> y, _ -> x, n);
    assertTrue(constant < wait, "constant times wait less: " + constant + " and " + wait);
  }

  private static DoubleUnaryOperator exponential(SplittableRandom random, double mean) {
    return _ -> -mean * Math.log(1 - random.nextDouble());
  }

  /** The consumer's own batch takes a slot, too. */
  private static double meanWait(
      DoubleUnaryOperator prepare, DoubleUnaryOperator compute, int places) {
    SimulatedPipeline pipeline = new SimulatedPipeline(1, 0, prepare, compute, 0);
    pipeline.resize(new Size(1, places + 1));
    double sum = 0;
    for (int i = 0; i < BATCHES; i++) {
      sum += pipeline.step().waitSeconds();
    }
    return sum / BATCHES;
  }
}
