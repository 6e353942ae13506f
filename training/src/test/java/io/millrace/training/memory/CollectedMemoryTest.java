package io.millrace.training.memory;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.datasets.GraphDataset;
import io.millrace.training.GraphTrainer;
import io.millrace.training.Planted;
import io.millrace.training.metrics.Evaluation;
import io.millrace.training.models.GraphSage;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Losses do not depend on when the garbage collector runs: DJL keeps a number that is given to an
 * operator in memory of Java's, which is collected while libtorch may still need it for a gradient.
 */
class CollectedMemoryTest {
  /** Collects all the time, and fills what was freed with what is not a number. */
  private static final class Collector implements AutoCloseable {
    private volatile boolean stopped;
    private final Thread thread = new Thread(this::run, "collector");

    Collector() {
      thread.start();
    }

    private void run() {
      Deque<ByteBuffer> recent = new ArrayDeque<>();
      while (!stopped) {
        System.gc();
        for (int i = 0; i < 2000; i++) {
          ByteBuffer small = ByteBuffer.allocateDirect(Float.BYTES);
          MemorySegment.ofBuffer(small).set(JAVA_FLOAT.withByteAlignment(1), 0, Float.NaN);
          recent.add(small);
          if (recent.size() > 10_000) {
            recent.remove();
          }
        }
      }
    }

    @Override
    public void close() {
      stopped = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Tag("exhaustive")
  @Test
  void lossesAreTheSameWhileItIsCollected() {
    try (GraphDataset data = Planted.dataset()) {
      List<Evaluation> quiet = train(data);
      try (Collector _ = new Collector()) {
        assertEquals(quiet, train(data));
      }
    }
  }

  private static List<Evaluation> train(GraphDataset data) {
    List<Evaluation> seen = new ArrayList<>();
    try (GraphTrainer trainer =
        GraphTrainer.builder(data)
            .model(GraphSage.of(8, 2))
            .batchSize(64)
            .virtualNodes(8)
            .virtualNodesPerWave(8)
            .clipNorm(1)
            .computeThreads(1)
            .build()) {
      for (int epoch = 0; epoch < 2; epoch++) {
        seen.add(trainer.epoch().training());
      }
    }
    return seen;
  }
}
