/**
 * The parts that the explorer puts together, each in the simplest code that is as fast as its form
 * can be: everything is allocated once, reused and cleared. Begin with {@code Forms}.
 *
 * <p>All of them draw by {@code BatchRandom}'s keys, so all give the same batches as the product's
 * sampler, which is here too, and the JMH benchmarks of single parts. Loaded again for each form,
 * see {@code IsolatedLoader}.
 */
package io.millrace.bench.explore;
