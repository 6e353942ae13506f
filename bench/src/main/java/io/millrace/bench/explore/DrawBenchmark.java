package io.millrace.bench.explore;

import io.millrace.bench.variant.SamplerVariant;
import io.millrace.sampler.draw.BatchRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds to draw one row's positions, by the form of the draw, degree and fanout. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class DrawBenchmark {
  private static final int NUM_ROWS = 1024;

  @Param public SamplerVariant.Draw form;

  @Param({"20", "100", "10000"})
  public int degree;

  @Param({"5", "15"})
  public int fanout;

  private final long[] positions = new long[NUM_ROWS * 64];
  private Draw draw;
  private long batchSeed;

  @Setup
  public void setUp() {
    draw = Forms.draw(form);
  }

  @Benchmark
  @OperationsPerInvocation(NUM_ROWS)
  public long[] draw() {
    long hopKey = BatchRandom.key(batchSeed++, 1);
    for (int row = 0; row < NUM_ROWS; row++) {
      draw.draw(BatchRandom.key(hopKey, row), degree, fanout, row, positions, row * fanout);
    }
    return positions;
  }
}
