package io.millrace.bench.step;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The layers of a batch of 1024 seeds at fanout 15, 10, 5 in a graph of little locality: 270,000,
 * 104,000 and 15,000 edges, drawn rather than sampled, so that they are the same everywhere.
 */
final class SyntheticLayers {
  private SyntheticLayers() {}

  /** From the input to the seeds. */
  static List<StepLayer> of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return List.of(
        layer(random, 80_000, 150_000, 270_000),
        layer(random, 14_000, 80_000, 104_000),
        layer(random, 1_024, 14_000, 15_000));
  }

  /** Every edge has a random destination; each source that is none comes up at least once. */
  static StepLayer layer(SplittableRandom random, int numDst, int numSrc, int numEdges) {
    int[] indptr = new int[numDst + 1];
    for (int edge = 0; edge < numEdges; edge++) {
      indptr[random.nextInt(numDst) + 1]++;
    }
    Arrays.parallelPrefix(indptr, Integer::sum);
    int[] indices = new int[numEdges];
    int known = numDst;
    for (int edge = 0; edge < numEdges; edge++) {
      int due = numDst + (int) ((long) (edge + 1) * (numSrc - numDst) / numEdges);
      indices[edge] = known < due ? known++ : random.nextInt(known);
    }
    return new StepLayer(numSrc, indices, indptr);
  }
}
