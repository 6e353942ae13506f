package io.millrace.bench.variant;

/**
 * Makes samplers of a {@link SamplerVariant}. The one that is loaded by {@link IsolatedLoader} is
 * seen through this interface.
 */
public interface SamplerFactory {
  /**
   * @param fanout neighbours per hop, next to the seeds first; -1 = all
   */
  BatchSampler create(SamplerVariant form, GraphCopies graph, int[] fanout);
}
