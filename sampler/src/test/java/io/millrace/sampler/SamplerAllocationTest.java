package io.millrace.sampler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.datasets.CsrGraph;
import io.millrace.sampler.draw.Draw;
import io.millrace.sampler.draw.EdgeTimes;
import io.millrace.sampler.draw.EdgeWeights;
import io.millrace.sampler.draw.TimeRule;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Once its arrays have grown, a sampler allocates nothing per row, with and without times. */
class SamplerAllocationTest {
  private static final int NODES = 300;
  private static final int DEGREE = 200;

  /** Less than one object per row of a batch. */
  private static final long FEW_BYTES = 2048;

  private static final Fanout FANOUT = Fanout.of(5, 5);

  private final CsrGraph graph =
      Graphs.ofRows(
          IntStream.range(0, NODES)
              .mapToObj(v -> IntStream.range(0, DEGREE).map(i -> (v + i + 1) % NODES).toArray())
              .toArray(int[][]::new));
  private final int[] seeds = IntStream.range(0, NODES).toArray();

  @Test
  void allocatesNothingPerRowWhateverTheDraw() {
    float[] weights = Graphs.weights(graph, new Random(1));
    EdgeWeights all = EdgeWeights.of(graph, MemorySegment.ofArray(weights));
    for (Draw draw : Draw.ALL) {
      if (!draw.needsTimes()) {
        NeighborSampler sampler =
            NeighborSampler.builder(graph, FANOUT).draw(draw).weights(all).build();
        requireFewBytes(draw.toString(), () -> sampler.sample(seeds, 7));
      }
    }
  }

  @Test
  void allocatesNothingPerRowAtATime() {
    long[] times = new long[NODES * DEGREE];
    Arrays.setAll(times, i -> i % DEGREE);
    EdgeTimes all = EdgeTimes.of(graph, MemorySegment.ofArray(times));
    long[] seedTimes = seeds().mapToLong(seed -> seed % DEGREE).toArray();
    for (Draw draw : new Draw[] {Draw.uniform(), Draw.withReplacement(), Draw.latest()}) {
      for (TimeRule.Sources sources : TimeRule.Sources.values()) {
        NeighborSampler sampler =
            NeighborSampler.builder(graph, FANOUT)
                .draw(draw)
                .times(all, TimeRule.before().window(150).sources(sources))
                .build();
        requireFewBytes(draw + " " + sources, () -> sampler.sample(seeds, seedTimes, FANOUT, 7));
      }
    }
  }

  private IntStream seeds() {
    return Arrays.stream(seeds);
  }

  private static void requireFewBytes(String what, Runnable sample) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 6; i++) { // the first ones grow; others may have a class loaded
      long before = threads.getCurrentThreadAllocatedBytes();
      sample.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least < FEW_BYTES, what + ": " + least + " bytes per batch");
  }
}
