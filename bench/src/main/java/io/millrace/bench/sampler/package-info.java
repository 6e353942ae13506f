/**
 * {@code bench sampler}: batches and edges per second of the neighbour sampler on 1, 2, 4, ...
 * threads, with and without slicing, and the exploration of its design space. Begin with {@link
 * io.millrace.bench.sampler.SamplerCommand}; {@code Throughput} measures threads, {@code Explorer}
 * measures variants. The JMH benchmarks of whole batches are here too.
 *
 * <p>To add a variant of the sampler, add it to {@code SamplerVariant} and, with its code, to the
 * package {@code explore}. All variants must draw the same batches; a digest of them is compared.
 */
package io.millrace.bench.sampler;
