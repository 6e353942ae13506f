package io.millrace.bench.sampler;

/**
 * What a thread does with one batch after the other, in a throughput measurement. One per thread;
 * its creator closes it.
 */
interface Work extends AutoCloseable {
  /** What was done: distinct nodes, sampled edges, bytes of features. */
  record Done(long numNodes, long numEdges, long featureBytes) {
    static final Done NOTHING = new Done(0, 0, 0);

    Done plus(Done other) {
      return new Done(
          numNodes + other.numNodes, numEdges + other.numEdges, featureBytes + other.featureBytes);
    }
  }

  Done run(int[] seeds, long batchSeed);

  @Override
  default void close() {}
}
