/**
 * {@code bench infer}: exact inference over all nodes, layer by layer, next to sampled inference
 * with the same model over some of them. Begin with {@link
 * io.millrace.bench.infer.InferBenchCommand}; {@code InferContest} runs both and takes the peak
 * memory of each.
 */
package io.millrace.bench.infer;
