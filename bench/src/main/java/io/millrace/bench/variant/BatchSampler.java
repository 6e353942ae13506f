package io.millrace.bench.variant;

/**
 * A sampler as the benchmarks see it. One per thread; a batch is valid until the next call. Made by
 * {@link SamplerFactory}.
 */
public interface BatchSampler {
  /**
   * @param seeds global ids
   * @param batchSeed what the draws depend on
   */
  void sample(int[] seeds, long batchSeed);

  /** Distinct nodes of the batch, the seeds included. */
  int numNodes();

  /** Sampled edges of the batch, all hops together. */
  long numEdges();

  /** See {@link BatchDigest}. */
  long digest();
}
